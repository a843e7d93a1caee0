# The account hands out no token, and neither does the template, which would overrule it.
kubectl -n payments patch serviceaccount ledger -p '{"automountServiceAccountToken": false}'
kubectl -n payments patch deployment ledger \
  -p '{"spec": {"template": {"spec": {"automountServiceAccountToken": false}}}}'
kubectl -n payments patch deployment reports \
  -p '{"spec": {"template": {"spec": {"automountServiceAccountToken": true}}}}'
