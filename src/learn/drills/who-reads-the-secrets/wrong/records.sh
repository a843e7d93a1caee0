set -euo pipefail
# Limited in the Secret, but the list is still there.
. "$DRILL/solution.sh"
kubectl -n clinic patch role records --type json -p '[{"op":"add","path":"/rules/-","value":{"apiGroups":[""],"resources":["secrets"],"verbs":["list"]}}]'
