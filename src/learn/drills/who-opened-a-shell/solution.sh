set -euo pipefail
echo tickets-web > "$WORK/deployment.txt"
printf '%s\n' 'Read sensitive file untrusted' 'Drop and execute new binary in container' > "$WORK/alerts.txt"
cat > "$WORK/exceptions.yaml" <<'YAML'
- rule: Write below etc
  exceptions:
    - name: cert_renewal
      fields: [k8s.ns.name, k8s.pod.label.app]
      comps: [=, =]
      values:
        - [theatre, proxy]
  override:
    exceptions: append
YAML
kubectl -n theatre scale deployment tickets-web --replicas 0
