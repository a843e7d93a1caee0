set -euo pipefail
# In every namespace.
. "$DRILL/solution.sh"
kubectl create clusterrolebinding tenant-blue --clusterrole edit --group team-blue
