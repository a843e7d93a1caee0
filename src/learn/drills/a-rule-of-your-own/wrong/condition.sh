set -euo pipefail
# Every process of every container.
. "$DRILL/solution.sh"
sed -i -e 's/  override:/  condition: spawned_process and container\n&\n    condition: replace/' "$WORK/falco_rules.local.yaml"
