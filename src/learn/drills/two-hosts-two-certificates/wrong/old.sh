set -euo pipefail
# The entry is gone, the key is still in the cluster.
. "$DRILL/solution.sh"
kubectl -n harbor create secret tls old-cert --cert="$DRILL/../ingress-with-tls/files/tls.crt" --key="$DRILL/../ingress-with-tls/files/tls.key"
