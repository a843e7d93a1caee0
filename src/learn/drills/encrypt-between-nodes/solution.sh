set -euo pipefail
sed -i -e "s/enable-wireguard: .*/enable-wireguard: 'true'/" -e "s/encrypt-node: .*/encrypt-node: 'true'/" \
  "$WORK/cilium-config.yaml"
cat > "$WORK/policy.yaml" <<'YAML'
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: ledger
  namespace: payments
spec:
  endpointSelector:
    matchLabels: {app: ledger}
  ingress:
    - fromEndpoints:
        - matchLabels: {app: checkout}
      toPorts:
        - ports: [{port: '8443', protocol: TCP}]
      authentication:
        mode: required
YAML
