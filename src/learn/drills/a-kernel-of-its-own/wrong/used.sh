set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n sandbox patch deployment untrusted --type merge -p '{"spec":{"template":{"spec":{"runtimeClassName":null}}}}'
