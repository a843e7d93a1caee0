set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n sensors patch networkpolicy probe --type json -p '[{"op":"replace","path":"/spec/ingress/0/from","value":[{"podSelector":{}}]}]'
