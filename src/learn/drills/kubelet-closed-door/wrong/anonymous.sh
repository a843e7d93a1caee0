set -euo pipefail
# The wrong false: callers could not be told by certificate, and nobody is refused.
. "$DRILL/solution.sh"
sed -i '/anonymous:/{n;s/enabled: false/enabled: true/}' "$NODES/rpi-3/var/lib/kubelet/config.yaml"
