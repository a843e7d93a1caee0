# Paused before the change: what runs still has its token.
kubectl -n payments rollout pause deployment ledger
. "$DRILL/solution.sh"
