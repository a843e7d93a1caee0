set -euo pipefail
cat > "$WORK/verdict.json" <<'JSON'
{
  "kubeadm": "tampered",
  "kubelet": "ok",
  "kubectl": "ok",
  "kube-proxy": "wrong-architecture",
  "kube-scheduler": "wrong-version",
  "kube-apiserver": "tampered"
}
JSON
