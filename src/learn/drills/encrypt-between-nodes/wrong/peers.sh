set -euo pipefail
# Two rules add up: the first one lets everybody of the namespace in.
. "$DRILL/solution.sh"
sed -i 's/matchLabels: {app: checkout}/matchLabels: {}/' "$WORK/policy.yaml"
