set -euo pipefail
# One too many.
. "$DRILL/solution.sh"
kubectl -n workshop delete pod lathe --grace-period 0 --force
