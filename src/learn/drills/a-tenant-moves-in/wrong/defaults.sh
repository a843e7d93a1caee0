set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n tenant-blue patch limitrange tenant --type json -p '[{"op":"replace","path":"/spec/limits/0/default/memory","value":"256Mi"}]'
