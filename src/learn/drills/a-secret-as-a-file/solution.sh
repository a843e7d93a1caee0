set -euo pipefail
kubectl -n museum patch deployment archive --type merge -p '
{"spec": {"template": {"spec": {
  "volumes": [{"name": "credentials", "secret": {"secretName": "archive", "items":
    [{"key": "token", "path": "api-token", "mode": 256}]}}],
  "containers": [{"name": "archive", "image": "registry.k8s.io/pause:3.10", "volumeMounts":
    [{"name": "credentials", "mountPath": "/etc/archive", "readOnly": true}]}]}}}}'
kubectl -n museum patch secret archive -p '{"immutable": true}'
kubectl -n museum get secret archive -o jsonpath='{.data.token}' | base64 -d > "$WORK/token.txt"
