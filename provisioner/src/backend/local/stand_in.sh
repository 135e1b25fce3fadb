#!/bin/sh
# Stands in for `berth agent` in the tests: says in DATA/events what it was asked to do, then waits for its end.
# DATA/stubborn makes it ignore SIGTERM, DATA/cannot-retire makes --retire fail.
set -eu
[ "$1" = agent ]
shift
retire=no
while [ $# -gt 0 ]; do
    case $1 in
        --retire) retire=yes; shift; continue ;;
        --backend) backend=$2 ;;
        --data) data=$2 ;;
        --publish-address) address=$2 ;;
        --host-id) [ "$2" = "$BERTH_HOST_ID" ] ;;
        --installation) [ "$2" = "$BERTH_INSTALLATION" ] ;;
    esac
    shift 2
done
root=$data/../../..
if [ "$retire" = yes ]; then
    [ ! -e "$root/cannot-retire" ]
    echo "retired $BERTH_HOST_ID" >> "$root/events"
    exit 0
fi
mkdir -p "$data"
[ ! -e "$root/stubborn" ] || trap '' TERM
# Held open by the test: comes to its end with it, so that nothing outlives a test that was killed. Opened before the test
# hears of us, since it may then take the directory away over which we find it.
exec 3< "$root/life"
echo "started $BERTH_HOST_ID $$ $address $backend" >> "$root/events"
read -r _ <&3 || :
