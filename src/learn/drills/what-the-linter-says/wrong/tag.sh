set -euo pipefail
. "$DRILL/solution.sh"
sed -i 's/pause:3.10/pause/' "$WORK/deployment.yaml"
