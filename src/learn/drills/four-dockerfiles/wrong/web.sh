set -euo pipefail
. "$DRILL/solution.sh"
echo 'USER root' >> "$WORK/docker/web/Dockerfile"
