#!/usr/bin/env bash
# Runs one step of a target and says how long it took: step.sh NAME COMMAND [ARGUMENT...]
set -uo pipefail

name=$1
shift
printf '== %s\n' "$name"
start=$(date +%s%N)
"$@"
code=$?
elapsed=$((($(date +%s%N) - start) / 100000000))
result="done"
[ $code = 0 ] || result="failed ($code)"
printf '== %s %s after %d.%d s\n' "$name" "$result" $((elapsed / 10)) $((elapsed % 10))
exit $code
