set -euo pipefail
# The whole Secret in the environment, under another name.
. "$DRILL/solution.sh"
kubectl -n tickets patch deployment tickets --type json -p '[{"op":"remove","path":"/spec/template/spec/containers/0/env"},{"op":"add","path":"/spec/template/spec/containers/0/envFrom","value":[{"secretRef":{"name":"tickets-db"}}]}]'
