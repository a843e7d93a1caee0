set -euo pipefail
cat > "$NODES/rpi-3/etc/apparmor.d/spooler" <<'TEXT'
#include <tunables/global>

profile printing-spooler flags=(attach_disconnected) {
  #include <abstractions/base>

  network inet tcp,
  /** r,
  /spool/** rw,
}
TEXT
kubectl -n printing patch deployment spooler -p '
{"spec": {"template": {
  "metadata": {"annotations": {"container.apparmor.security.beta.kubernetes.io/spooler": null}},
  "spec": {"containers": [{"name": "spooler", "securityContext":
    {"appArmorProfile": {"type": "Localhost", "localhostProfile": "printing-spooler"}}}]}}}}'
echo 'apparmor_parser -r /etc/apparmor.d/spooler' > "$WORK/load.txt"
