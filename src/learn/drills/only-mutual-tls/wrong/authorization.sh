set -euo pipefail
. "$DRILL/solution.sh"
sed -i 's|ns/shop/sa/checkout|ns/shop/sa/*|' "$WORK/mesh.yaml"
