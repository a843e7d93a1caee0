set -euo pipefail
# Another binding gives them back.
. "$DRILL/solution.sh"
kubectl -n harvest create rolebinding uploader-2 --role uploader --serviceaccount harvest:uploader
