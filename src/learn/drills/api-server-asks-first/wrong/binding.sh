set -euo pipefail
. "$DRILL/solution.sh"
kubectl create clusterrolebinding everybody-views --clusterrole view --group system:unauthenticated
