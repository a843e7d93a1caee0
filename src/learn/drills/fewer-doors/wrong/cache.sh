set -euo pipefail
# By another way.
. "$DRILL/solution.sh"
kubectl -n market patch deployment cache --type merge -p '{"spec": {"template": {"spec": {"hostNetwork": true}}}}'
