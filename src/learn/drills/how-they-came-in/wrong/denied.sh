set -euo pipefail
# With those of another account.
. "$DRILL/solution.sh"
sed -i 's/"denied": 3/"denied": 4/' "$WORK/report.json"
