set -euo pipefail
. "$DRILL/solution.sh"
sed -i 's/^WORKDIR/RUN apt-get update\n&/' "$WORK/Dockerfile"
