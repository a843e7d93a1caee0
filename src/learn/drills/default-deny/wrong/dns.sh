# Port 53 of anything in kube-system.
. "$DRILL/solution.sh"
kubectl -n bakery patch networkpolicy default-deny --type merge -p \
  '{"spec": {"egress": [{"to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}], "ports": [{"protocol": "UDP", "port": 53}]}]}}'
