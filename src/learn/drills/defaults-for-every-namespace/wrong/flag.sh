set -euo pipefail
. "$DRILL/solution.sh"
sed -i '/admission-control-config-file/d' "$NODES/rpi-1/etc/kubernetes/manifests/kube-apiserver.yaml"
