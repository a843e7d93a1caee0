set -euo pipefail
# Nothing of kube-proxy's watches is missed, but of others' neither.
. "$DRILL/solution.sh"
sed -i '/users:/d' "$NODES/rpi-1/etc/kubernetes/audit/policy.yaml"
