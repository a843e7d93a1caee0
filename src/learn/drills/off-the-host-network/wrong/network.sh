set -euo pipefail
# Off the network, but the port of the node is still open.
. "$DRILL/solution.sh"
kubectl -n sensors patch daemonset probe --type json -p '[{"op":"add","path":"/spec/template/spec/containers/0/ports/0/hostPort","value":9100}]'
