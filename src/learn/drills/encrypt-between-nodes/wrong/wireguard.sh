set -euo pipefail
# A value that is no text: the API server would refuse it.
. "$DRILL/solution.sh"
sed -i "s/enable-wireguard: .*/enable-wireguard: true/" "$WORK/cilium-config.yaml"
