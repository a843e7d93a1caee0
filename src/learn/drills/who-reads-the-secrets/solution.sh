set -euo pipefail
printf '%s\n' frontend backup > "$WORK/readers.txt"
kubectl apply -f - <<'YAML'
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: config, namespace: clinic}
rules: [{apiGroups: [''], resources: [configmaps], verbs: [get, list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: storage, namespace: clinic}
rules: [{apiGroups: [''], resources: [persistentvolumeclaims], verbs: [list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: records, namespace: clinic}
rules: [{apiGroups: [''], resources: [secrets], resourceNames: [records-db], verbs: [get]}]
YAML
