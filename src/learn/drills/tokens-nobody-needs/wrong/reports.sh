# The token of the one that needs it is gone, too.
. "$DRILL/solution.sh"
kubectl -n payments patch deployment reports \
  -p '{"spec": {"template": {"spec": {"automountServiceAccountToken": false}}}}'
