set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n museum patch deployment archive --type json -p '[{"op":"remove","path":"/spec/template/spec/containers/0/volumeMounts/0/readOnly"}]'
