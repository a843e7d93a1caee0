set -euo pipefail
. "$DRILL/solution.sh"
sed -i 's/^WORKDIR/ARG GIT_TOKEN\n&/' "$WORK/Dockerfile"
