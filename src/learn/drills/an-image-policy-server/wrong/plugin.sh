set -euo pipefail
# NodeRestriction is gone.
. "$DRILL/solution.sh"
sed -i 's/NodeRestriction,ImagePolicyWebhook/ImagePolicyWebhook/' "$NODES/rpi-1/etc/kubernetes/manifests/kube-apiserver.yaml"
