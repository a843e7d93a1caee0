set -euo pipefail
. "$DRILL/solution.sh"
sed -i 's/memory: 128Mi/memory: 1Gi/' "$WORK/deployment.yaml"
