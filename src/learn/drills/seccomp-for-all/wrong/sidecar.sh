set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n studio patch deployment encode -p '{"spec":{"template":{"spec":{"containers":[{"name":"upload","securityContext":null}]}}}}'
