set -euo pipefail
. "$DRILL/solution.sh"
sed -i 's|--encryption-provider-config=.*|--encryption-provider-config=/etc/kubernetes/enc|' "$NODES/rpi-1/etc/kubernetes/manifests/kube-apiserver.yaml"
