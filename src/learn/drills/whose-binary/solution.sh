set -euo pipefail
cd "$WORK"
printf '%s\n' kube-proxy kubectl > tampered.txt
rm -f bin/kube-proxy bin/kubectl
sha256sum bin/kubelet | cut -d ' ' -f 1 > kubelet.sha256
