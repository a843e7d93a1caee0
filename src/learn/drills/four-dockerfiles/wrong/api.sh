set -euo pipefail
# Still in the configuration of the image.
. "$DRILL/solution.sh"
sed -i 's/^USER/ARG DB_PASSWORD\n&/' "$WORK/docker/api/Dockerfile"
