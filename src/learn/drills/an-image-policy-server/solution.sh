set -euo pipefail
etc="$NODES/rpi-1/etc/kubernetes"
sed -i \
  -e 's|kubeConfigFile: .*|kubeConfigFile: /etc/kubernetes/image-policy/kubeconfig.yaml|' \
  -e 's|defaultAllow: .*|defaultAllow: false|' "$etc/image-policy/admission.yaml"
sed -i 's|server: .*|server: https://images.example.org:8443/check|' "$etc/image-policy/kubeconfig.yaml"
file="$etc/manifests/kube-apiserver.yaml"
if ! grep -q ImagePolicyWebhook "$file"; then
  sed -i \
    -e 's|- --enable-admission-plugins=.*|- "--enable-admission-plugins=NodeRestriction,ImagePolicyWebhook"|' \
    -e 's|^\( *\)- kube-apiserver$|&\n\1- --admission-control-config-file=/etc/kubernetes/image-policy/admission.yaml|' \
    -e 's|^\( *\)- {name: k8s-certs, mountPath.*|&\n\1- {name: image-policy, mountPath: /etc/kubernetes/image-policy, readOnly: true}|' \
    -e 's|^\( *\)- {name: k8s-certs, hostPath.*|&\n\1- {name: image-policy, hostPath: {path: /etc/kubernetes/image-policy, type: DirectoryOrCreate}}|' \
    "$file"
fi
