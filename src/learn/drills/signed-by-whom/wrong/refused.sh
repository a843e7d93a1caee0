set -euo pipefail
# The second signature of bills was taken for good.
. "$DRILL/solution.sh"
echo tables > "$WORK/refused.txt"
