set -euo pipefail
. "$DRILL/solution.sh"
echo rpi-2 > "$WORK/node.txt"
