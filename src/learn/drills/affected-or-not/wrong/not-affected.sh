set -euo pipefail
. "$DRILL/solution.sh"
sed -i 's/vulnerable_code_not_in_execute_path/component_not_present/' "$WORK/vex.json"
