set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n orchard label pod apples-x7f2q app=apples
