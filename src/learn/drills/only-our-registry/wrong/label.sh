set -euo pipefail
. "$DRILL/solution.sh"
kubectl label namespace foundry images-
