set -euo pipefail
echo system:serviceaccount:choir:tenor > "$WORK/reader.txt"
echo otto organ-0 > "$WORK/exec.txt"
kubectl -n choir delete rolebinding rehearsal --ignore-not-found
