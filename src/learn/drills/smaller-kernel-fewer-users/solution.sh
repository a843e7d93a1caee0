set -euo pipefail
etc="$NODES/rpi-3/etc"
mkdir -p "$etc/modprobe.d" "$etc/sysctl.d"
printf 'install %s /bin/false\n' sctp dccp > "$etc/modprobe.d/hardening.conf"
cat > "$etc/sysctl.d/90-hardening.conf" <<'TEXT'
kernel.dmesg_restrict = 1
kernel.kptr_restrict = 1
net.ipv4.conf.all.accept_redirects = 0
TEXT
sed -i 's|^sysupdate:x:0:\(.*\):/bin/bash$|sysupdate:x:1999:\1:/usr/sbin/nologin|' "$etc/passwd"
sed -i -e 's/^PermitRootLogin .*/PermitRootLogin no/' -e 's/^PasswordAuthentication .*/PasswordAuthentication no/' "$etc/ssh/sshd_config"
