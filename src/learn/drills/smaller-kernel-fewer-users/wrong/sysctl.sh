set -euo pipefail
# Forwarding off: pods of this node lose the network.
. "$DRILL/solution.sh"
sed -i 's/ip_forward = 1/ip_forward = 0/' "$NODES/rpi-3/etc/sysctl.d/99-kubernetes.conf"
