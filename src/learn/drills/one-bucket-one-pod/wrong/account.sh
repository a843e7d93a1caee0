set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n invoices annotate serviceaccount archiver eks.amazonaws.com/role-arn-
