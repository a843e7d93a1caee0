set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n bistro set image deployment menu menu=registry.k8s.io/pause:3.10
