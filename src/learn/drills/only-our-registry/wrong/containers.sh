set -euo pipefail
# Without the slash registry.example.org.evil.example passes.
. "$DRILL/solution.sh"
kubectl patch validatingadmissionpolicy only-our-registry --type json -p "[{\"op\":\"replace\",\"path\":\"/spec/validations/0/expression\",\"value\":\"object.spec.containers.all(c, c.image.startsWith('registry.example.org'))\"}]"
