set -euo pipefail
# The one that was refused.
. "$DRILL/solution.sh"
echo system:serviceaccount:choir:bass > "$WORK/reader.txt"
