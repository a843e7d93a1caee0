set -euo pipefail
# Days and files exchanged.
. "$DRILL/solution.sh"
sed -i -e 's/maxage=30/maxage=10/' -e 's/maxbackup=10/maxbackup=30/' "$NODES/rpi-1/etc/kubernetes/manifests/kube-apiserver.yaml"
