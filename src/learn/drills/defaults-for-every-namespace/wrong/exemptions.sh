set -euo pipefail
# Controllers create pods for everybody: this exempts all Deployments.
. "$DRILL/solution.sh"
sed -i 's/usernames: \[\]/usernames: ["system:serviceaccount:kube-system:replicaset-controller"]/' "$NODES/rpi-1/etc/kubernetes/admission/config.yaml"
