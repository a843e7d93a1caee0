set -euo pipefail
etc="$NODES/rpi-1/etc/kubernetes"
mkdir -p "$etc/enc"
key=$(head -c 32 /dev/urandom | base64)
cat > "$etc/enc/enc.yaml" <<YAML
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources: [secrets]
    providers:
      - secretbox:
          keys:
            - name: key1
              secret: $key
      - identity: {}
YAML
file="$etc/manifests/kube-apiserver.yaml"
if ! grep -q encryption-provider-config "$file"; then
  sed -i \
    -e 's|^\( *\)- kube-apiserver$|&\n\1- --encryption-provider-config=/etc/kubernetes/enc/enc.yaml|' \
    -e 's|^\( *\)- {name: k8s-certs, mountPath.*|&\n\1- {name: enc, mountPath: /etc/kubernetes/enc, readOnly: true}|' \
    -e 's|^\( *\)- {name: k8s-certs, hostPath.*|&\n\1- {name: enc, hostPath: {path: /etc/kubernetes/enc, type: DirectoryOrCreate}}|' \
    "$file"
fi
echo 'kubectl get secrets -A -o json | kubectl replace -f -' > "$WORK/rewrite.sh"
