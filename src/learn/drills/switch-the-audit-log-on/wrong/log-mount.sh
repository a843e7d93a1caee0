set -euo pipefail
. "$DRILL/solution.sh"
sed -i 's|mountPath: /var/log/kubernetes/audit}|mountPath: /var/log/kubernetes/audit, readOnly: true}|' "$NODES/rpi-1/etc/kubernetes/manifests/kube-apiserver.yaml"
