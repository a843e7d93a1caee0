set -euo pipefail
# Encoded twice.
. "$DRILL/solution.sh"
kubectl -n tickets patch secret tickets-mail -p '{"stringData":{"smtp_password":"d2ludGVyLWlzLW5lYXI="}}'
