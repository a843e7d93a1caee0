set -euo pipefail
. "$DRILL/solution.sh"
kubectl patch validatingadmissionpolicybinding workshop-read-only --type merge -p '{"spec":{"validationActions":["Warn"]}}'
