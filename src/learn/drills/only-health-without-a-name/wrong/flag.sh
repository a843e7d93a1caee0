set -euo pipefail
# Another file.
. "$DRILL/solution.sh"
sed -i 's|/etc/kubernetes/authn/config.yaml|/etc/kubernetes/authn/authentication.yaml|' "$NODES/rpi-1/etc/kubernetes/manifests/kube-apiserver.yaml"
