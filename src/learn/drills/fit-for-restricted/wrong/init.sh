set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n lab patch deployment sampler -p '{"spec":{"template":{"spec":{"initContainers":[{"name":"prepare","securityContext":{"capabilities":{"drop":["NET_RAW"]}}}]}}}}'
