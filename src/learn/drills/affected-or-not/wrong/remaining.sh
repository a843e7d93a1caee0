set -euo pipefail
. "$DRILL/solution.sh"
printf '%s\n' CVE-2026-20984 CVE-2026-10311 > "$WORK/remaining.txt"
