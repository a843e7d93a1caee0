set -euo pipefail
cat > "$WORK/vex.json" <<'JSON'
{
  "@context": "https://openvex.dev/ns/v0.2.0",
  "@id": "https://shop.example.org/vex/api-1",
  "author": "Shop team",
  "timestamp": "2026-11-23T12:00:00Z",
  "version": 1,
  "statements": [
    {
      "vulnerability": {"name": "CVE-2026-10311"},
      "products": [{"@id": "pkg:oci/api@sha256:9d3c1f0e5b7a48c2b6d1e0f4a3928c7716b5d4e3f2a190b8c7d6e5f4a3b2c1d0"}],
      "status": "not_affected",
      "justification": "vulnerable_code_not_in_execute_path"
    },
    {
      "vulnerability": {"name": "CVE-2026-20984"},
      "products": [{"@id": "pkg:oci/api@sha256:9d3c1f0e5b7a48c2b6d1e0f4a3928c7716b5d4e3f2a190b8c7d6e5f4a3b2c1d0"}],
      "status": "affected",
      "action_statement": "Upgrade libimage to 4.2.1."
    },
    {
      "vulnerability": {"name": "CVE-2026-4410"},
      "products": [{"@id": "pkg:oci/api@sha256:9d3c1f0e5b7a48c2b6d1e0f4a3928c7716b5d4e3f2a190b8c7d6e5f4a3b2c1d0"}],
      "status": "fixed"
    }
  ]
}
JSON
echo CVE-2026-20984 > "$WORK/remaining.txt"
