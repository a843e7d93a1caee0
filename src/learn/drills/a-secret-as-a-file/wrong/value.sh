set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n museum get secret archive -o jsonpath='{.data.token}' > "$WORK/token.txt"
