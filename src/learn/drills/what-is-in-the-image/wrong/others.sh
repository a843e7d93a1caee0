set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n depot scale deployment stock --replicas 2
