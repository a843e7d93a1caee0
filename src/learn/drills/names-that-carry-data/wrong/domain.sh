set -euo pipefail
# One that looks alike.
. "$DRILL/solution.sh"
echo cdn-static.example > "$WORK/domain.txt"
