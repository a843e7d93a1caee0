set -euo pipefail
. "$DRILL/solution.sh"
sed -i 's/NodeRestriction,AlwaysPullImages/AlwaysPullImages/' "$NODES/rpi-1/etc/kubernetes/manifests/kube-apiserver.yaml"
