set -euo pipefail
# One network too many.
. "$DRILL/solution.sh"
kubectl -n market patch service web --type merge -p '{"spec": {"loadBalancerSourceRanges": ["203.0.113.0/24", "198.51.100.0/24", "0.0.0.0/0"]}}'
