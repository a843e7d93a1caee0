set -euo pipefail
kubectl -n workshop delete pod drill plane vice --ignore-not-found --grace-period 0 --force
printf '%s\n' drill plane vice > "$WORK/deleted.txt"
kubectl apply -f - <<'YAML'
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: workshop-read-only}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
      - {apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}
  validations:
    - expression: >-
        object.spec.containers.all(c, has(c.securityContext) &&
        has(c.securityContext.readOnlyRootFilesystem) && c.securityContext.readOnlyRootFilesystem)
      message: The root file system of each container has to be read-only.
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: workshop-read-only}
spec:
  policyName: workshop-read-only
  validationActions: [Deny]
  matchResources:
    namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: workshop}}
YAML
