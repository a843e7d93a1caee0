set -euo pipefail
# The account's false would leave the indexer without its token.
. "$DRILL/solution.sh"
kubectl -n gallery patch deployment indexer -p '{"spec":{"template":{"spec":{"automountServiceAccountToken":null}}}}'
