set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n courier patch deployment uploader --type json -p '[{"op":"remove","path":"/spec/template/spec/automountServiceAccountToken"}]'
