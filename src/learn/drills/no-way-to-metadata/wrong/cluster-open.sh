set -euo pipefail
# Pods of other namespaces are forgotten.
. "$DRILL/solution.sh"
kubectl -n catalog patch networkpolicy no-metadata --type merge -p \
  '{"spec":{"egress":[{"to":[{"podSelector":{}},{"ipBlock":{"cidr":"0.0.0.0/0","except":["169.254.169.254/32"]}}]}]}}'
