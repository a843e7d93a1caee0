set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n harvest delete cronjob weekly-report
