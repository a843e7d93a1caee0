set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n orders patch role deployer --type json -p '[{"op":"replace","path":"/rules/1/verbs","value":["get","list","create"]}]'
