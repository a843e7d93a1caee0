set -euo pipefail
# First what the API server has to answer: it starts anew once its manifest is written.
kubectl delete clusterrolebinding everybody-views --ignore-not-found
file="$NODES/rpi-1/etc/kubernetes/manifests/kube-apiserver.yaml"
sed -i \
  -e 's/--anonymous-auth=true/--anonymous-auth=false/' \
  -e 's/--authorization-mode=.*"/--authorization-mode=Node,RBAC"/' \
  -e 's/--enable-admission-plugins=.*"/--enable-admission-plugins=NodeRestriction,AlwaysPullImages"/' \
  -e 's/--service-account-lookup=false/--service-account-lookup=true/' \
  -e '/--token-auth-file/d' "$file"
