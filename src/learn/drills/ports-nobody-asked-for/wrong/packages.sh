set -euo pipefail
# The program's name, not the package's.
. "$DRILL/solution.sh"
sed -i 's/cups-daemon/cupsd/' "$WORK/remove.txt"
