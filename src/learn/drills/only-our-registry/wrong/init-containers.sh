set -euo pipefail
# Pods without init containers would be refused by an error.
. "$DRILL/solution.sh"
kubectl patch validatingadmissionpolicy only-our-registry --type json -p "[{\"op\":\"replace\",\"path\":\"/spec/validations/1/expression\",\"value\":\"object.spec.initContainers.all(c, c.image.startsWith('registry.example.org/'))\"}]"
