set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n drafts delete deployment draft
