set -euo pipefail
. "$DRILL/solution.sh"
sed -i '/allowPrivilegeEscalation/d' "$WORK/deployment.yaml"
