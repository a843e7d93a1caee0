set -euo pipefail
# The way out alone.
. "$DRILL/solution.sh"
kubectl -n vault-prod patch networkpolicy ledger --type json -p '[{"op":"remove","path":"/spec/ingress/1"}]'
