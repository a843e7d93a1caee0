set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n sensors patch deployment viewer --type merge -p '{"spec":{"template":{"spec":{"hostIPC":true}}}}'
