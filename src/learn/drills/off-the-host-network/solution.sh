set -euo pipefail
kubectl -n sensors patch daemonset probe --type merge -p '
{"spec": {"template": {"spec": {"hostNetwork": null,
  "containers": [{"name": "probe", "image": "registry.k8s.io/pause:3.10", "ports": [{"containerPort": 9100}]}]}}}}'
kubectl -n sensors patch deployment viewer --type merge \
  -p '{"spec": {"template": {"spec": {"hostPID": null, "hostIPC": null}}}}'
kubectl apply -f - <<'YAML'
apiVersion: v1
kind: Service
metadata: {name: probe, namespace: sensors}
spec:
  selector: {app: probe}
  ports: [{name: metrics, port: 9100, targetPort: 9100}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: probe, namespace: sensors}
spec:
  podSelector: {matchLabels: {app: probe}}
  policyTypes: [Ingress]
  ingress:
    - from: [{podSelector: {matchLabels: {app: collector}}}]
      ports: [{protocol: TCP, port: 9100}]
YAML
