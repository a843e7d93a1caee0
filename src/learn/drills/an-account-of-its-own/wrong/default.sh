set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n gallery patch serviceaccount default -p '{"automountServiceAccountToken":null}'
