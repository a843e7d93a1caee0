set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n orders patch role deployer --type json -p '[{"op":"add","path":"/rules/-","value":{"apiGroups":[""],"resources":["pods/exec"],"verbs":["create"]}}]'
