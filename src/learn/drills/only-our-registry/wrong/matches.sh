set -euo pipefail
. "$DRILL/solution.sh"
kubectl patch validatingadmissionpolicy only-our-registry --type merge -p '{"spec":{"failurePolicy":"Ignore"}}'
