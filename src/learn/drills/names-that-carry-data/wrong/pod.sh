set -euo pipefail
. "$DRILL/solution.sh"
echo reader > "$WORK/pod.txt"
