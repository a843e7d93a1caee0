set -euo pipefail
# One namespace only.
. "$DRILL/solution.sh"
sed -i 's/ -A//' "$WORK/rewrite.sh"
