set -euo pipefail
. "$DRILL/solution.sh"
sed -i '/--profiling=false/d' "$NODES/rpi-1/etc/kubernetes/manifests/kube-controller-manager.yaml"
