set -euo pipefail
. "$DRILL/solution.sh"
sed -i 's|batch/v1$|batch/v1beta1|' "$WORK/manifests.yaml"
