set -euo pipefail
. "$DRILL/solution.sh"
sed -i 's/"kubectl": "ok"/"kubectl": "tampered"/' "$WORK/verdict.json"
