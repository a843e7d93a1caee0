set -euo pipefail
# The one with most findings, none of which can be mended.
. "$DRILL/solution.sh"
kubectl -n plaza scale deployment mail --replicas 0
