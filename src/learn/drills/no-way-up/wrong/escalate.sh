set -euo pipefail
. "$DRILL/solution.sh"
kubectl patch clusterrole press-editor --type json -p '[{"op":"replace","path":"/rules/2/verbs","value":["get","list","bind"]}]'
