set -euo pipefail
. "$DRILL/solution.sh"
sed -i "s/encrypt-node: .*/encrypt-node: 'false'/" "$WORK/cilium-config.yaml"
