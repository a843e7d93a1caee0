set -euo pipefail
# One good container is enough for exists.
. "$DRILL/solution.sh"
kubectl patch validatingadmissionpolicy workshop-read-only --type json -p '[{"op":"replace","path":"/spec/validations/0/expression","value":"object.spec.containers.exists(c, has(c.securityContext) && has(c.securityContext.readOnlyRootFilesystem) && c.securityContext.readOnlyRootFilesystem)"}]'
