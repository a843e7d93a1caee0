set -euo pipefail
. "$DRILL/solution.sh"
sed -i 's/\[create, update, patch, delete\]/[create, delete]/' "$NODES/rpi-1/etc/kubernetes/audit/policy.yaml"
