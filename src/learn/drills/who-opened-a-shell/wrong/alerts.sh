set -euo pipefail
. "$DRILL/solution.sh"
echo 'Write below etc' >> "$WORK/alerts.txt"
