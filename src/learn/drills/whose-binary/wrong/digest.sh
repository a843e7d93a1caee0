set -euo pipefail
# The other algorithm.
. "$DRILL/solution.sh"
sha512sum "$WORK/bin/kubelet" | cut -d ' ' -f 1 > "$WORK/kubelet.sha256"
