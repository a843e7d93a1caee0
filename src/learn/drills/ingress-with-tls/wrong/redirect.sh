set -euo pipefail
# An annotation of another name, which says less.
. "$DRILL/solution.sh"
kubectl -n bookshop annotate ingress books nginx.ingress.kubernetes.io/force-ssl-redirect- nginx.ingress.kubernetes.io/ssl-redirect=true
