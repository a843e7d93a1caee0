set -euo pipefail
# The pod, not its Deployment.
. "$DRILL/solution.sh"
echo tickets-web-5c7d8f6b9d-l8zvk > "$WORK/deployment.txt"
