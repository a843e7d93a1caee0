set -euo pipefail
. "$DRILL/solution.sh"
cp "$DRILL/files/bin/kube-proxy" "$WORK/bin/"
