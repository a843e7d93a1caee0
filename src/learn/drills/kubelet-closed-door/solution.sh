set -euo pipefail
file="$NODES/rpi-3/var/lib/kubelet/config.yaml"
sed -i \
  -e '/anonymous:/{n;s/enabled: true/enabled: false/}' \
  -e 's/mode: AlwaysAllow/mode: Webhook/' \
  -e 's/readOnlyPort: .*/readOnlyPort: 0/' \
  -e 's/tlsMinVersion: .*/tlsMinVersion: VersionTLS12/' "$file"
