set -euo pipefail
# The entry is gone, the Secret is still in the cluster.
. "$DRILL/solution.sh"
kubectl -n harbor create secret generic old-cert --from-literal=tls.crt=old
