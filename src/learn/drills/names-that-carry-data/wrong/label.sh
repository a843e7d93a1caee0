set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n library patch deployment index -p '{"spec":{"template":{"metadata":{"labels":{"quarantine":"true"}}}}}'
