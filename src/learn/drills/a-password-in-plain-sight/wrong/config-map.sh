set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n tickets patch configmap tickets --type merge -p '{"data":{"smtp_password":"winter-is-near"}}'
