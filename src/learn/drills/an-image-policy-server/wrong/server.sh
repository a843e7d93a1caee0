set -euo pipefail
# Not by TLS: the answer could be anybody's.
. "$DRILL/solution.sh"
sed -i 's|https://images|http://images|' "$NODES/rpi-1/etc/kubernetes/image-policy/kubeconfig.yaml"
