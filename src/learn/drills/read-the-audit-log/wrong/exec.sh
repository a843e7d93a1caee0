set -euo pipefail
# That was a look at its logs.
. "$DRILL/solution.sh"
echo system:serviceaccount:choir:alto organ-0 > "$WORK/exec.txt"
