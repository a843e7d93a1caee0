set -euo pipefail
. "$DRILL/solution.sh"
sed -i '/name: image-policy, mountPath/d' "$NODES/rpi-1/etc/kubernetes/manifests/kube-apiserver.yaml"
