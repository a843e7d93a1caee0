set -euo pipefail
# Another order, which the reader of the log would not understand.
. "$DRILL/solution.sh"
sed -i 's/%evt.time,%user.name/%user.name,%evt.time/' "$WORK/falco_rules.local.yaml"
