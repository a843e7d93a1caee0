set -euo pipefail
. "$DRILL/solution.sh"
sed -i '/name: enc, hostPath/d' "$NODES/rpi-1/etc/kubernetes/manifests/kube-apiserver.yaml"
