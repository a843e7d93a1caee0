set -euo pipefail
. "$DRILL/solution.sh"
sed -i 's/kubeadm upgrade node/kubeadm upgrade apply v1.36.3/' "$WORK/rpi-2.txt"
