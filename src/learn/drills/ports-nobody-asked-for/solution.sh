set -euo pipefail
printf '%s\n' 21/tcp 111/udp 111/tcp 631/tcp > "$WORK/close.txt"
printf '%s\n' vsftpd rpcbind cups-daemon > "$WORK/remove.txt"
for unit in vsftpd rpcbind cups; do echo "systemctl disable --now $unit.service"; done > "$WORK/disable.sh"
