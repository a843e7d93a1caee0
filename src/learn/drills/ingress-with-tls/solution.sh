set -euo pipefail
kubectl -n bookshop create secret tls books-tls --cert="$WORK/tls.crt" --key="$WORK/tls.key" \
  --dry-run=client -o yaml | kubectl apply -f -
kubectl apply -f - <<'YAML'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: books
  namespace: bookshop
  annotations: {nginx.ingress.kubernetes.io/force-ssl-redirect: 'true'}
spec:
  ingressClassName: nginx
  tls: [{hosts: [books.example.org], secretName: books-tls}]
  rules:
    - host: books.example.org
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: web, port: {number: 8080}}}
YAML
