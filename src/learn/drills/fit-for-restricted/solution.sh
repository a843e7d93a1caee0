set -euo pipefail
kubectl -n lab patch deployment sampler -p '
{"spec": {"replicas": 1, "template": {"spec": {
  "securityContext": {"runAsNonRoot": true, "runAsUser": 65535, "seccompProfile": {"type": "RuntimeDefault"}},
  "initContainers": [{"name": "prepare", "securityContext":
    {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}}],
  "containers": [{"name": "sampler", "securityContext":
    {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}}]}}}}'
kubectl -n lab patch cronjob nightly --type merge -p '
{"spec": {"jobTemplate": {"spec": {"template": {"spec": {
  "hostNetwork": null,
  "securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
  "containers": [{"name": "nightly", "image": "registry.k8s.io/pause:3.10", "securityContext":
    {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}}]}}}}}}'
