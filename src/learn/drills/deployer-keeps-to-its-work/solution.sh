set -euo pipefail
kubectl apply -f - <<'YAML'
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: deployer, namespace: orders}
rules:
  - {apiGroups: [apps], resources: [deployments], verbs: [get, list, watch, create, update, patch]}
  - {apiGroups: [''], resources: [pods], verbs: [get, list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: deployer, namespace: orders}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: deployer}
subjects: [{kind: ServiceAccount, name: deployer, namespace: orders}]
YAML
kubectl delete clusterrolebinding orders-deployer --ignore-not-found
