set -euo pipefail
# The server refuses a path without a type.
. "$DRILL/solution.sh"
sed -i '/pathType/d' "$WORK/manifests.yaml"
