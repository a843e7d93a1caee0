set -euo pipefail
# Only the one whose difference can be seen at once.
. "$DRILL/solution.sh"
echo kubectl > "$WORK/tampered.txt"
