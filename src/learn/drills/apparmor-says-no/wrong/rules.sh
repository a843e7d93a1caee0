set -euo pipefail
# A deny wins over every allow, so nothing can be spooled.
. "$DRILL/solution.sh"
sed -i 's|  /\*\* r,|  /** r,\n  deny /** w,|' "$NODES/rpi-3/etc/apparmor.d/spooler"
