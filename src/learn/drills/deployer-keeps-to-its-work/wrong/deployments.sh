set -euo pipefail
# A star for the verbs.
. "$DRILL/solution.sh"
kubectl -n orders patch role deployer --type json -p '[{"op":"replace","path":"/rules/0/verbs","value":["*"]}]'
