set -euo pipefail
# under_investigation says nothing, though the notes do.
. "$DRILL/solution.sh"
sed -i 's/"status": "fixed"/"status": "under_investigation"/' "$WORK/vex.json"
