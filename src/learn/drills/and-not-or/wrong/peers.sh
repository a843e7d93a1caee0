set -euo pipefail
# Still two elements.
. "$DRILL/solution.sh"
kubectl -n vault-prod patch networkpolicy ledger --type json -p '[{"op":"replace","path":"/spec/ingress/0/from","value":[{"namespaceSelector":{"matchLabels":{"team":"ops"}}},{"podSelector":{"matchLabels":{"app":"reporter"}}}]}]'
