set -euo pipefail
# The pods of orders are held back by a quota, the Deployment still wants them.
. "$DRILL/solution.sh"
kubectl -n depot create quota full --hard=pods=1
kubectl -n depot scale deployment orders --replicas 1
