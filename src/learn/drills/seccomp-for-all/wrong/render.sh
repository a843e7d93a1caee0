set -euo pipefail
# One container of two, by its own field.
. "$DRILL/solution.sh"
kubectl -n studio patch deployment render -p '{"spec":{"template":{"spec":{"securityContext":{"seccompProfile":null},"containers":[{"name":"render","securityContext":{"seccompProfile":{"type":"RuntimeDefault"}}}]}}}}'
