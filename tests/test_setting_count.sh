#!/bin/sh
# An alert of two pages is set within a budget of instructions: counted, not
# timed, so that a busy machine changes nothing. Three settings are counted.
BUDGET=36000000
command -v valgrind >/dev/null || exit 77
told=$(mktemp)
trap 'rm -f "$told"' EXIT
valgrind --tool=callgrind --toggle-collect=page_set_create \
    --callgrind-out-file=/dev/null \
    "$1/setting_bench" data/drills/flash-flood-red.json 1920 1080 >"$told" 2>&1
count=$(sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$told")
# What the sanitizers were built into does not run under valgrind.
[ "${count:-0}" -gt 0 ] || exit 77
echo "$count instructions, $BUDGET at most"
[ "$count" -le "$BUDGET" ]
