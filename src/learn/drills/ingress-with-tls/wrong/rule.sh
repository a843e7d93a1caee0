set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n bookshop patch ingress books --type json -p '[{"op":"replace","path":"/spec/rules/0/http/paths/0/pathType","value":"Exact"}]'
