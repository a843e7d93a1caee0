set -euo pipefail
. "$DRILL/solution.sh"
sed -i 's/--anonymous-auth=false/--anonymous-auth=true/' "$NODES/rpi-1/etc/kubernetes/manifests/kube-apiserver.yaml"
