# One end only: the way out of shop stays closed.
. "$DRILL/solution.sh"
kubectl -n bakery delete networkpolicy shop-to-oven
