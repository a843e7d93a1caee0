set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n museum patch deployment archive --type json -p '[{"op":"add","path":"/spec/template/spec/containers/0/envFrom","value":[{"secretRef":{"name":"archive"}}]}]'
