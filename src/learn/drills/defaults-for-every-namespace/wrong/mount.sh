set -euo pipefail
. "$DRILL/solution.sh"
sed -i 's|mountPath: /etc/kubernetes/admission,|mountPath: /etc/admission,|' "$NODES/rpi-1/etc/kubernetes/manifests/kube-apiserver.yaml"
