set -euo pipefail
. "$DRILL/solution.sh"
sed -i 's/PermitRootLogin no/PermitRootLogin prohibit-password/' "$NODES/rpi-3/etc/ssh/sshd_config"
