set -euo pipefail
cat > "$WORK/falco_rules.local.yaml" <<'YAML'
# Your rules. This file is read last.
- rule: Shell in container
  output: '%evt.time,%user.name,%k8s.pod.name,%container.id'
  priority: CRITICAL
  override:
    output: replace
    priority: replace
YAML
