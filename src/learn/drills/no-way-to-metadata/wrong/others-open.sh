set -euo pipefail
# The whole link-local range is taken out, not the one address.
. "$DRILL/solution.sh"
kubectl -n catalog patch networkpolicy no-metadata --type merge -p \
  '{"spec":{"egress":[{"to":[{"namespaceSelector":{}},{"ipBlock":{"cidr":"0.0.0.0/0","except":["169.254.0.0/16"]}}]}]}}'
