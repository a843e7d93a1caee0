set -euo pipefail
# The newer one was overlooked.
. "$DRILL/solution.sh"
echo node-c > "$WORK/too-old.txt"
