set -euo pipefail
. "$DRILL/solution.sh"
sed -i 's|policy/v1$|policy/v1beta1|' "$WORK/manifests.yaml"
