set -euo pipefail
kubectl -n edge patch deployment gateway --type json -p '[{"op": "add",
  "path": "/spec/template/spec/containers/0/securityContext", "value": {
    "runAsNonRoot": true, "runAsUser": 10001, "runAsGroup": 10001, "allowPrivilegeEscalation": false,
    "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}}}]'
