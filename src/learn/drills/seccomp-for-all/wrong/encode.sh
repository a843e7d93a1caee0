set -euo pipefail
# The folder of the kubelet does not belong into the field.
. "$DRILL/solution.sh"
kubectl -n studio patch deployment encode -p '{"spec":{"template":{"spec":{"containers":[{"name":"encode","securityContext":{"seccompProfile":{"localhostProfile":"seccomp/profiles/encode.json"}}}]}}}}'
