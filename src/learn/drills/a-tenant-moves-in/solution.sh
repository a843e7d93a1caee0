set -euo pipefail
kubectl apply -f - <<'YAML'
apiVersion: v1
kind: ResourceQuota
metadata: {name: tenant, namespace: tenant-blue}
spec:
  hard:
    pods: '10'
    limits.cpu: '2'
    limits.memory: 2Gi
    services.loadbalancers: '0'
    services.nodeports: '0'
---
apiVersion: v1
kind: LimitRange
metadata: {name: tenant, namespace: tenant-blue}
spec:
  limits:
    - type: Container
      default: {cpu: 200m, memory: 128Mi}
      defaultRequest: {cpu: 50m, memory: 64Mi}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: tenant, namespace: tenant-blue}
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  ingress:
    - from: [{podSelector: {}}]
  egress:
    - to: [{podSelector: {}}]
    - to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]
      ports: [{protocol: UDP, port: 53}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: tenant, namespace: tenant-blue}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects: [{kind: Group, apiGroup: rbac.authorization.k8s.io, name: team-blue}]
YAML
