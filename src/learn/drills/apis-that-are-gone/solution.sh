set -euo pipefail
file="$WORK/manifests.yaml"
if grep -q beta "$file"; then
  sed -i \
    -e 's|policy/v1beta1|policy/v1|' \
    -e 's|batch/v1beta1|batch/v1|' \
    -e 's|networking.k8s.io/v1beta1|networking.k8s.io/v1|' \
    -e 's|autoscaling/v2beta2|autoscaling/v2|' \
    -e '/^  annotations:/d' \
    -e '/kubernetes.io\/ingress.class/d' \
    -e 's|^  rules:|  ingressClassName: nginx\n  rules:|' \
    -e 's|^\( *\)- path: /$|&\n\1  pathType: Prefix|' \
    -e 's|^\( *\)serviceName: web|\1service:\n\1  name: web|' \
    -e 's|^\( *\)servicePort: 80|\1  port:\n\1    number: 80|' "$file"
fi
