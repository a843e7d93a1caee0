set -euo pipefail
cat > "$WORK/policy.json" <<'JSON'
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["s3:PutObject", "s3:GetObject"],
      "Resource": "arn:aws:s3:::invoices-archive/*"
    }
  ]
}
JSON
cat > "$WORK/trust.json" <<'JSON'
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.example.org/id/HOME"},
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": {"StringEquals": {"oidc.example.org/id/HOME:sub": "system:serviceaccount:invoices:archiver"}}
    }
  ]
}
JSON
kubectl apply -f - <<'YAML'
apiVersion: v1
kind: ServiceAccount
metadata:
  name: archiver
  namespace: invoices
  annotations: {eks.amazonaws.com/role-arn: 'arn:aws:iam::111122223333:role/invoices-archiver'}
YAML
kubectl -n invoices patch deployment archiver --type merge -p '
{"spec": {"template": {"spec": {"serviceAccountName": "archiver",
  "containers": [{"name": "archiver", "image": "registry.k8s.io/pause:3.10"}]}}}}'
kubectl -n invoices delete secret cloud-admin --ignore-not-found
