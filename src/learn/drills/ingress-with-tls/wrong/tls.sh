set -euo pipefail
# Another host than that of the rule.
. "$DRILL/solution.sh"
kubectl -n bookshop patch ingress books --type json -p '[{"op":"replace","path":"/spec/tls/0/hosts","value":["www.example.org"]}]'
