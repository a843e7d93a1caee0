set -euo pipefail
. "$DRILL/solution.sh"
echo 203.0.113.31:443 > "$WORK/pool.txt"
