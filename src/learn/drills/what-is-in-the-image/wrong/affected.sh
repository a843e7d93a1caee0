set -euo pipefail
# 2.10 was read as smaller than 2.6.
. "$DRILL/solution.sh"
echo 'stock 2.10.1' >> "$WORK/affected.txt"
