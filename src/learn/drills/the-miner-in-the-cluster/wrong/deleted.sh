set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n arcade delete deployment transcode
