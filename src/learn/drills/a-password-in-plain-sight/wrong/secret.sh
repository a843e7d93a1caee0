set -euo pipefail
# The old one, which everybody has seen.
. "$DRILL/solution.sh"
kubectl -n tickets patch secret tickets-db -p '{"stringData":{"password":"hunter2"}}'
