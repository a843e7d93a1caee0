set -euo pipefail
# view holds no Secrets, so mailer is not one of them.
. "$DRILL/solution.sh"
echo mailer >> "$WORK/readers.txt"
