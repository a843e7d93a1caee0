set -euo pipefail
. "$DRILL/solution.sh"
kubectl patch clusterrole press-editor --type json -p '[{"op":"add","path":"/rules/-","value":{"apiGroups":[""],"resources":["serviceaccounts/token"],"verbs":["create"]}}]'
