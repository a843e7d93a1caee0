set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n printshop patch deployment press --type json -p '[{"op":"add","path":"/spec/template/spec/containers/1/volumeMounts","value":[{"name":"cache","mountPath":"/scratch"}]}]'
