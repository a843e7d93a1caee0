set -euo pipefail
kubectl apply -f - <<'YAML'
apiVersion: v1
kind: ServiceAccount
metadata: {name: indexer, namespace: gallery}
automountServiceAccountToken: false
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: indexer, namespace: gallery}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: pod-reader}
subjects: [{kind: ServiceAccount, name: indexer, namespace: gallery}]
YAML
kubectl -n gallery patch deployment indexer \
  -p '{"spec":{"template":{"spec":{"serviceAccountName":"indexer","automountServiceAccountToken":true}}}}'
kubectl -n gallery delete rolebinding default-pod-reader --ignore-not-found
kubectl -n gallery patch serviceaccount default -p '{"automountServiceAccountToken":false}'
