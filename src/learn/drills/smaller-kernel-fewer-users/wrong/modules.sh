set -euo pipefail
# blacklist stops loading by alias only.
. "$DRILL/solution.sh"
printf 'blacklist %s\n' sctp dccp > "$NODES/rpi-3/etc/modprobe.d/hardening.conf"
