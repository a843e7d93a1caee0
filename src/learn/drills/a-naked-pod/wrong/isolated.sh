set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n orchard patch networkpolicy isolate --type merge -p '{"spec":{"policyTypes":["Ingress"]}}'
