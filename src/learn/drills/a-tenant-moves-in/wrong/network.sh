set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n tenant-blue patch networkpolicy tenant --type json -p '[{"op":"add","path":"/spec/egress/-","value":{"ports":[{"protocol":"TCP","port":443}]}}]'
