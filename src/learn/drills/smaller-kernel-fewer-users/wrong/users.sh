set -euo pipefail
# Without a shell, and still root for whatever runs as it.
. "$DRILL/solution.sh"
sed -i 's/^sysupdate:x:1999/sysupdate:x:0/' "$NODES/rpi-3/etc/passwd"
