set -euo pipefail
. "$DRILL/solution.sh"
sed -i 's/attach_disconnected/attach_disconnected,complain/' "$NODES/rpi-3/etc/apparmor.d/spooler"
