set -euo pipefail
kubectl -n tickets create secret generic tickets-db --from-literal=password=a-new-one-of-mine \
  --dry-run=client -o yaml | kubectl apply -f -
kubectl -n tickets create secret generic tickets-mail --from-literal=smtp_password=winter-is-near \
  --dry-run=client -o yaml | kubectl apply -f -
kubectl -n tickets patch deployment tickets --type json -p '[{"op": "replace",
  "path": "/spec/template/spec/containers/0/env", "value": [{"name": "DB_PASSWORD",
    "valueFrom": {"secretKeyRef": {"name": "tickets-db", "key": "password"}}}]}]'
kubectl -n tickets patch configmap tickets --type merge -p '{"data": {"smtp_password": null}}'
