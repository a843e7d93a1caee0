set -euo pipefail
# Any account of the namespace.
. "$DRILL/solution.sh"
sed -i -e 's/StringEquals/StringLike/' -e 's/invoices:archiver"/invoices:*"/' "$WORK/trust.json"
