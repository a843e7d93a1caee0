set -euo pipefail
# plan by the old kubeadm, which knows nothing of 1.36.
. "$DRILL/solution.sh"
sed -i '1{h;d};2G' "$WORK/rpi-1.txt"
