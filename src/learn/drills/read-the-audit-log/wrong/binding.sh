set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n choir delete rolebinding keys-alto
