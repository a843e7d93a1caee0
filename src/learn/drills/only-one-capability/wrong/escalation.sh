set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n edge patch deployment gateway --type json -p '[{"op":"remove","path":"/spec/template/spec/containers/0/securityContext/allowPrivilegeEscalation"}]'
