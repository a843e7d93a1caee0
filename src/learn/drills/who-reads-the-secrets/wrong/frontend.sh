set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n clinic patch role config --type json -p '[{"op":"replace","path":"/rules/0/resources","value":["configmaps","secrets"]},{"op":"replace","path":"/rules/0/verbs","value":["get"]}]'
