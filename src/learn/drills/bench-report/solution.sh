set -euo pipefail
printf '%s\n' 1.2.1 1.2.15 1.2.20 1.3.2 2.2 > "$WORK/failed.txt"
manifests="$NODES/rpi-1/etc/kubernetes/manifests"
add() { # file, program, flag
  grep -q -- "- $3\$" "$manifests/$1" || sed -i "s|^\( *\)- $2\$|&\n\1- $3|" "$manifests/$1"
}
add kube-apiserver.yaml kube-apiserver --anonymous-auth=false
add kube-apiserver.yaml kube-apiserver --profiling=false
add kube-apiserver.yaml kube-apiserver --service-account-lookup=true
add kube-controller-manager.yaml kube-controller-manager --profiling=false
sed -i 's/--client-cert-auth=false/--client-cert-auth=true/' "$manifests/etcd.yaml"
