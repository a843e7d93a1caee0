set -euo pipefail
kubectl apply -f - <<'YAML'
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: press-editor}
rules:
  - {apiGroups: [apps], resources: [deployments], verbs: [get, list, watch, create, update, patch, delete]}
  - {apiGroups: [''], resources: [configmaps], verbs: [get, list, watch, create, update, patch, delete]}
  - {apiGroups: [rbac.authorization.k8s.io], resources: [roles, rolebindings], verbs: [get, list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: press-editors, namespace: press}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: press-editor}
subjects: [{kind: Group, apiGroup: rbac.authorization.k8s.io, name: editors}]
YAML
kubectl delete clusterrolebinding press-editors --ignore-not-found
