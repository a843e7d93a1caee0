# Pods of shop in every namespace come in.
. "$DRILL/solution.sh"
kubectl -n bakery patch networkpolicy oven-from-shop --type merge -p \
  '{"spec": {"ingress": [{"from": [{"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "shop"}}}], "ports": [{"protocol": "TCP", "port": 8080}]}]}}'
