set -euo pipefail
# Saved too late.
. "$DRILL/solution.sh"
kubectl -n orchard get pod apples-x7f2q -o yaml > "$WORK/evidence.yaml"
