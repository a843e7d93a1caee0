set -euo pipefail
# The right is gone with everything else.
. "$DRILL/solution.sh"
kubectl -n clinic delete rolebinding backup
