set -euo pipefail
# A generic Secret with the same keys.
. "$DRILL/solution.sh"
kubectl -n bookshop delete secret books-tls
kubectl -n bookshop create secret generic books-tls --from-file="$WORK/tls.crt" --from-file="$WORK/tls.key"
