set -euo pipefail
kubectl apply -f - <<'YAML'
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: gvisor-study}
handler: runsc
scheduling: {nodeSelector: {sandbox: gvisor}}
YAML
kubectl -n sandbox patch deployment untrusted --type merge -p '
{"spec": {"template": {"spec": {"runtimeClassName": "gvisor-study", "automountServiceAccountToken": false}}}}'
