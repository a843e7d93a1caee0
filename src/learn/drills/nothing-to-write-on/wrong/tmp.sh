set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n printshop patch deployment press --type json -p '[{"op":"remove","path":"/spec/template/spec/volumes/0/emptyDir/medium"}]'
