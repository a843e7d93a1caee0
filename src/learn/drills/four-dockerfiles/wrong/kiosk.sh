set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n kiosk patch deployment kiosk --type json -p '[{"op":"add","path":"/spec/template/spec/containers/0/command","value":["sleep","infinity"]}]'
