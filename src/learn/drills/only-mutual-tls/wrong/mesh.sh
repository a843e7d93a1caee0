set -euo pipefail
# Everything outside of the mesh would be shut out at once.
. "$DRILL/solution.sh"
sed -i 's/mtls: {mode: PERMISSIVE}/mtls: {mode: STRICT}/' "$WORK/mesh.yaml"
