set -euo pipefail
etc="$NODES/rpi-1/etc/kubernetes"
cat > "$etc/audit/policy.yaml" <<'YAML'
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: Metadata
    resources:
      - group: ''
        resources: [secrets]
  - level: RequestResponse
YAML
file="$etc/manifests/kube-apiserver.yaml"
if ! grep -q audit-policy-file "$file"; then
  for flag in maxsize=100 maxbackup=10 maxage=30 path=/var/log/kubernetes/audit/audit.log; do
    sed -i "s|^\( *\)- kube-apiserver\$|&\n\1- --audit-log-$flag|" "$file"
  done
  sed -i \
    -e 's|^\( *\)- kube-apiserver$|&\n\1- --audit-policy-file=/etc/kubernetes/audit/policy.yaml|' \
    -e 's|^\( *\)- {name: k8s-certs, mountPath.*|&\n\1- {name: audit-policy, mountPath: /etc/kubernetes/audit, readOnly: true}\n\1- {name: audit-log, mountPath: /var/log/kubernetes/audit}|' \
    -e 's|^\( *\)- {name: k8s-certs, hostPath.*|&\n\1- {name: audit-policy, hostPath: {path: /etc/kubernetes/audit, type: DirectoryOrCreate}}\n\1- {name: audit-log, hostPath: {path: /var/log/kubernetes/audit, type: DirectoryOrCreate}}|' \
    "$file"
fi
