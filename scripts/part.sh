#!/bin/sh
# Runs one part of a check and says how long it took: sh scripts/part.sh NAME COMMAND…
name=$1
shift
echo "--- $name"
start=$(date +%s)
"$@"
status=$?
echo "--- $name: $(($(date +%s) - start)) s, exit $status"
exit $status
