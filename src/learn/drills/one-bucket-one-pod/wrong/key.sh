set -euo pipefail
# Out of the Deployment, still in the cluster.
. "$DRILL/solution.sh"
kubectl -n invoices create secret generic cloud-admin --from-literal=AWS_ACCESS_KEY_ID=practice-only
