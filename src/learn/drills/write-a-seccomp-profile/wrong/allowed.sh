set -euo pipefail
# One is missing, another stands in its place.
. "$DRILL/solution.sh"
sed -i 's/"futex"/"poll"/' "$NODES/rpi-2/var/lib/kubelet/seccomp/profiles/parser.json"
