set -euo pipefail
# The installed versions.
. "$DRILL/solution.sh"
printf '%s\n' 'openssl 3.5.3-r1' 'golang.org/x/crypto 0.31.0' > "$WORK/upgrade.txt"
