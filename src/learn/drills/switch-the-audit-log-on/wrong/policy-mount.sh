set -euo pipefail
. "$DRILL/solution.sh"
sed -i 's|mountPath: /etc/kubernetes/audit, readOnly: true|mountPath: /etc/kubernetes/audit|' "$NODES/rpi-1/etc/kubernetes/manifests/kube-apiserver.yaml"
