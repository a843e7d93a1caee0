set -euo pipefail
kubectl -n courier patch deployment uploader --type merge -p '
{"spec": {"template": {"spec": {
  "automountServiceAccountToken": false,
  "containers": [{"name": "uploader", "image": "registry.k8s.io/pause:3.10",
    "volumeMounts": [{"name": "vault-token", "mountPath": "/var/run/secrets/vault", "readOnly": true}]}],
  "volumes": [{"name": "vault-token", "projected": {"sources": [
    {"serviceAccountToken": {"audience": "vault.example.org", "expirationSeconds": 600, "path": "token"}}]}}]
}}}}'
kubectl -n courier delete secret uploader-token --ignore-not-found
