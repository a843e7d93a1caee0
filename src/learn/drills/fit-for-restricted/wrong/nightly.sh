set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n lab patch cronjob nightly --type merge -p '{"spec":{"jobTemplate":{"spec":{"template":{"spec":{"hostNetwork":true}}}}}}'
