set -euo pipefail
cat > "$WORK/rpi-1.txt" <<'TEXT'
apt-get install -y kubeadm=1.36.3-1.1
kubeadm upgrade plan
kubeadm upgrade apply v1.36.3
kubectl drain rpi-1 --ignore-daemonsets
apt-get install -y kubelet=1.36.3-1.1 kubectl=1.36.3-1.1
systemctl daemon-reload && systemctl restart kubelet
kubectl uncordon rpi-1
TEXT
cat > "$WORK/rpi-2.txt" <<'TEXT'
apt-get install -y kubeadm=1.36.3-1.1
kubeadm upgrade node
kubectl drain rpi-2 --ignore-daemonsets
apt-get install -y kubelet=1.36.3-1.1 kubectl=1.36.3-1.1
systemctl daemon-reload && systemctl restart kubelet
kubectl uncordon rpi-2
TEXT
printf '%s
' node-c node-e > "$WORK/too-old.txt"
