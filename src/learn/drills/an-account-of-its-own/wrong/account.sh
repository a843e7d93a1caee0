set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n gallery patch serviceaccount indexer -p '{"automountServiceAccountToken":true}'
