set -euo pipefail
. "$DRILL/solution.sh"
sed -i 's|pods/exec|pods/log|' "$NODES/rpi-1/etc/kubernetes/audit/policy.yaml"
