set -euo pipefail
# Still a folder of the node, read-only this time: the new pod is refused.
. "$DRILL/solution.sh"
kubectl -n bank patch deployment teller --type merge -p '
{"spec": {"template": {"spec": {"volumes": [{"name": "host", "hostPath": {"path": "/etc"}}]}}}}'
