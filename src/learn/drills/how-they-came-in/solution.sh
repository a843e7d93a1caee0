set -euo pipefail
cat > "$WORK/report.json" <<'JSON'
{
  "account": "uploader",
  "address": "203.0.113.99",
  "secret": "registry-push",
  "persistence": "CronJob/sync-cache",
  "denied": 3
}
JSON
printf '%s\n' initial-access discovery credential-access persistence > "$WORK/phases.txt"
kubectl -n harvest delete cronjob sync-cache --ignore-not-found
kubectl -n harvest delete rolebinding uploader --ignore-not-found
