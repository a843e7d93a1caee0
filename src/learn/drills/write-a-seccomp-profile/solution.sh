set -euo pipefail
folder="$NODES/rpi-2/var/lib/kubelet/seccomp/profiles"
mkdir -p "$folder"
cat > "$folder/parser.json" <<'JSON'
{
  "defaultAction": "SCMP_ACT_ERRNO",
  "architectures": ["SCMP_ARCH_AARCH64"],
  "syscalls": [
    {
      "names": [
        "brk", "close", "execve", "exit_group", "fstat", "futex", "mmap", "openat", "read", "rt_sigaction", "write"
      ],
      "action": "SCMP_ACT_ALLOW"
    }
  ]
}
JSON
kubectl -n parser patch deployment parser -p '{"spec": {"template": {"spec": {"securityContext":
  {"seccompProfile": {"type": "Localhost", "localhostProfile": "profiles/parser.json"}}}}}}'
