set -euo pipefail
. "$DRILL/solution.sh"
sed -i 's/VersionTLS12/VersionTLS11/' "$NODES/rpi-3/var/lib/kubelet/config.yaml"
