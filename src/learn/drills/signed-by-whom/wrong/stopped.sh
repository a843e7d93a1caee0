set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n bistro scale deployment bills --replicas 1
