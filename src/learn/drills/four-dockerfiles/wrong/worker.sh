set -euo pipefail
. "$DRILL/solution.sh"
sed -i 's/debian:13-slim/debian/' "$WORK/docker/worker/Dockerfile"
