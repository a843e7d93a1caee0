set -euo pipefail
. "$DRILL/solution.sh"
sed -i '/plane/d' "$WORK/deleted.txt"
