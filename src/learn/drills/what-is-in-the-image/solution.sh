set -euo pipefail
printf '%s\n' 'orders 2.6.2' 'labels 2.5.0' > "$WORK/affected.txt"
kubectl -n depot scale deployment orders labels --replicas 0
