set -euo pipefail
kubectl apply -f - <<'YAML'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: gate, namespace: harbor}
spec:
  ingressClassName: nginx
  tls:
    - {hosts: [api.harbor.example], secretName: api-cert}
    - {hosts: [www.harbor.example], secretName: www-cert}
  rules:
    - host: api.harbor.example
      http:
        paths:
          - {path: /, pathType: Prefix, backend: {service: {name: api, port: {number: 80}}}}
    - host: www.harbor.example
      http:
        paths:
          - {path: /, pathType: Prefix, backend: {service: {name: www, port: {number: 80}}}}
YAML
kubectl -n harbor delete secret old-cert --ignore-not-found
