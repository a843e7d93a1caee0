# The pods are cared for, the account still hands tokens to the next workload.
. "$DRILL/solution.sh"
kubectl -n payments patch serviceaccount ledger -p '{"automountServiceAccountToken": true}'
