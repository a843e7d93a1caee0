set -euo pipefail
. "$DRILL/solution.sh"
echo 'systemctl restart kubelet' > "$WORK/load.txt"
