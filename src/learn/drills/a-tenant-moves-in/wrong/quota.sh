set -euo pipefail
# Requests in place of limits.
. "$DRILL/solution.sh"
kubectl -n tenant-blue patch resourcequota tenant --type json -p '[{"op":"remove","path":"/spec/hard/limits.memory"},{"op":"add","path":"/spec/hard/requests.memory","value":"2Gi"}]'
