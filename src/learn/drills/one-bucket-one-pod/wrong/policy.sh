set -euo pipefail
. "$DRILL/solution.sh"
sed -i 's|invoices-archive/\*|*|' "$WORK/policy.json"
