# Paused: the template asks for a token again, and the pods of before go on.
. "$DRILL/solution.sh"
kubectl -n payments rollout status deployment ledger --timeout 20s
kubectl -n payments rollout pause deployment ledger
kubectl -n payments patch deployment ledger \
  -p '{"spec": {"template": {"spec": {"automountServiceAccountToken": true}}}}'
