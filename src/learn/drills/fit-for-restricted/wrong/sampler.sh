set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n lab patch deployment sampler -p '{"spec":{"template":{"spec":{"containers":[{"name":"sampler","securityContext":{"allowPrivilegeEscalation":null}}]}}}}'
