set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n lab scale deployment sampler --replicas 0
