set -euo pipefail
# All ports in place of one.
. "$DRILL/solution.sh"
kubectl -n catalog patch networkpolicy metadata-reader --type json -p '[{"op":"remove","path":"/spec/egress/0/ports"}]'
