set -euo pipefail
# The solution without its last touch.
bash -euo pipefail -c 'kubectl() { case "$*" in *immutable*) ;; *) command kubectl "$@" ;; esac; }; . "$DRILL/solution.sh"'
