set -euo pipefail
# The one with most CPU, which does its job.
. "$DRILL/solution.sh"
echo transcode > "$WORK/miner.txt"
