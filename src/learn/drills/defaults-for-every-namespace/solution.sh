set -euo pipefail
etc="$NODES/rpi-1/etc/kubernetes"
mkdir -p "$etc/admission"
cat > "$etc/admission/config.yaml" <<'YAML'
apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
  - name: PodSecurity
    configuration:
      apiVersion: pod-security.admission.config.k8s.io/v1
      kind: PodSecurityConfiguration
      defaults:
        enforce: baseline
        enforce-version: latest
        audit: restricted
        audit-version: latest
        warn: restricted
        warn-version: latest
      exemptions:
        usernames: []
        runtimeClasses: []
        namespaces: [kube-system]
YAML
file="$etc/manifests/kube-apiserver.yaml"
if ! grep -q admission-control-config-file "$file"; then
  sed -i \
    -e 's|^\( *\)- kube-apiserver$|&\n\1- --admission-control-config-file=/etc/kubernetes/admission/config.yaml|' \
    -e 's|^\( *\)- {name: k8s-certs, mountPath.*|&\n\1- {name: admission, mountPath: /etc/kubernetes/admission, readOnly: true}|' \
    -e 's|^\( *\)- {name: k8s-certs, hostPath.*|&\n\1- {name: admission, hostPath: {path: /etc/kubernetes/admission, type: DirectoryOrCreate}}|' \
    "$file"
fi
