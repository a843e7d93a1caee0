set -euo pipefail
# An account that was used from inside.
. "$DRILL/solution.sh"
sed -i 's/"uploader"/"reporter"/' "$WORK/report.json"
