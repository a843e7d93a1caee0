set -euo pipefail
# Another back end is still an answer.
. "$DRILL/solution.sh"
kubectl -n harbor patch ingress gate --type json -p '[{"op":"add","path":"/spec/rules/1/http/paths/0","value":{"path":"/admin","pathType":"Prefix","backend":{"service":{"name":"www","port":{"number":80}}}}}]'
