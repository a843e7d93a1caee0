set -euo pipefail
. "$DRILL/solution.sh"
echo '{"api": "credential", "web": "latest", "worker": "root"}' > "$WORK/findings.json"
