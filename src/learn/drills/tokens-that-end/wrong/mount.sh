set -euo pipefail
. "$DRILL/solution.sh"
kubectl -n courier patch deployment uploader --type json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/volumeMounts/0/mountPath","value":"/var/run/secrets/tokens"}]'
