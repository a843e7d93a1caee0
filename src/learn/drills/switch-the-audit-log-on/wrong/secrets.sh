set -euo pipefail
# Behind the rule that takes everything.
. "$DRILL/solution.sh"
cat > "$NODES/rpi-1/etc/kubernetes/audit/policy.yaml" <<'YAML'
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: RequestResponse
  - level: Metadata
    resources: [{group: '', resources: [secrets]}]
YAML
