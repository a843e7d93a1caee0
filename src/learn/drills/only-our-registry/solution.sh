set -euo pipefail
kubectl apply -f - <<'YAML'
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: only-our-registry}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
      - apiGroups: ['']
        apiVersions: [v1]
        operations: [CREATE, UPDATE]
        resources: [pods]
  validations:
    - expression: object.spec.containers.all(c, c.image.startsWith('registry.example.org/'))
      message: Images come from registry.example.org only.
    - expression: >-
        !has(object.spec.initContainers) ||
        object.spec.initContainers.all(c, c.image.startsWith('registry.example.org/'))
      message: Images of init containers come from registry.example.org only.
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: only-our-registry}
spec:
  policyName: only-our-registry
  validationActions: [Deny, Audit]
  matchResources:
    namespaceSelector: {matchLabels: {images: ours}}
YAML
kubectl label namespace foundry images=ours --overwrite
