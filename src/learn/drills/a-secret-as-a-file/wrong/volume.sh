set -euo pipefail
# All keys, among them that of the administrator.
. "$DRILL/solution.sh"
kubectl -n museum patch deployment archive --type json -p '[{"op":"remove","path":"/spec/template/spec/volumes/0/secret/items"}]'
