set -euo pipefail
. "$DRILL/solution.sh"
sed -i 's|image-policy/admission.yaml|image-policy/config.yaml|' "$NODES/rpi-1/etc/kubernetes/manifests/kube-apiserver.yaml"
