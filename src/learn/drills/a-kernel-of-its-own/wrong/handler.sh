set -euo pipefail
# A handler can't be changed, so the class is made anew.
. "$DRILL/solution.sh"
kubectl delete runtimeclass gvisor-study
kubectl create -f - <<'YAML'
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: gvisor-study}
handler: gvisor
scheduling: {nodeSelector: {sandbox: gvisor}}
YAML
