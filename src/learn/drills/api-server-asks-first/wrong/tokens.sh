set -euo pipefail
. "$DRILL/solution.sh"
sed -i '/--service-account-lookup/d' "$NODES/rpi-1/etc/kubernetes/manifests/kube-apiserver.yaml"
