set -euo pipefail
# Port 53 of the whole world: names carry data, too.
. "$DRILL/solution.sh"
kubectl -n arcade patch networkpolicy no-way-out --type merge -p '{"spec":{"egress":[{"ports":[{"protocol":"UDP","port":53}]}]}}'
