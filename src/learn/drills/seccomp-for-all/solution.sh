set -euo pipefail
kubectl -n studio patch deployment render \
  -p '{"spec": {"template": {"spec": {"securityContext": {"seccompProfile": {"type": "RuntimeDefault"}}}}}}'
kubectl -n studio patch deployment encode -p '
{"spec": {"template": {"spec": {"containers": [
  {"name": "encode", "securityContext": {"seccompProfile": {"type": "Localhost", "localhostProfile": "profiles/encode.json"}}},
  {"name": "upload", "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}}}]}}}}'
file="$NODES/rpi-2/var/lib/kubelet/config.yaml"
grep -q '^seccompDefault' "$file" || echo 'seccompDefault: true' >> "$file"
