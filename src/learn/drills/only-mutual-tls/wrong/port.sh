set -euo pipefail
# The whole workload, in place of one port.
. "$DRILL/solution.sh"
sed -i -e '/portLevelMtls/,/PERMISSIVE/d' "$WORK/mesh.yaml"
