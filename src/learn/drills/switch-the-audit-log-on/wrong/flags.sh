set -euo pipefail
# A policy, and nowhere to write to.
. "$DRILL/solution.sh"
sed -i '/--audit-log-path/d' "$NODES/rpi-1/etc/kubernetes/manifests/kube-apiserver.yaml"
