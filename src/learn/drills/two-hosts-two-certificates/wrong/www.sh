set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n harbor patch ingress gate --type json -p '[{"op":"replace","path":"/spec/tls/1/hosts","value":["harbor.example"]}]'
