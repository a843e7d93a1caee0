set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n sensors patch service probe --type merge -p '{"spec":{"type":"NodePort"}}'
