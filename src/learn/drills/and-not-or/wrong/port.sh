set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n vault-prod patch networkpolicy ledger --type json -p '[{"op":"add","path":"/spec/ingress/0/ports/-","value":{"protocol":"TCP","port":22}}]'
