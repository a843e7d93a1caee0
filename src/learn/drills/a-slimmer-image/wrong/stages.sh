set -euo pipefail
# Everything of the first stage is copied.
. "$DRILL/solution.sh"
sed -i 's|^COPY --from=build .*|COPY --from=build / /|' "$WORK/Dockerfile"
