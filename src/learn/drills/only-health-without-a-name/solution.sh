set -euo pipefail
etc="$NODES/rpi-1/etc/kubernetes"
mkdir -p "$etc/authn"
cat > "$etc/authn/config.yaml" <<'YAML'
apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
anonymous:
  enabled: true
  conditions:
    - path: /livez
    - path: /readyz
YAML
file="$etc/manifests/kube-apiserver.yaml"
sed -i '/--anonymous-auth/d' "$file"
if ! grep -q authentication-config "$file"; then
  sed -i \
  \
  -e 's|^\( *\)- kube-apiserver$|&\n\1- --authentication-config=/etc/kubernetes/authn/config.yaml|' \
  \
  -e 's|^\( *\)- {name: k8s-certs, mountPath.*|&\n\1- {name: authn, mountPath: /etc/kubernetes/authn, readOnly: true}|' \
  \
  -e 's|^\( *\)- {name: k8s-certs, hostPath.*|&\n\1- {name: authn, hostPath: {path: /etc/kubernetes/authn, type: DirectoryOrCreate}}|' \
    "$file"
fi
