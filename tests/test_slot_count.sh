#!/bin/sh
# Accepting a panel costs the table of slots the same for ten panels as for
# thousands: counted in instructions, not timed. Argument 1 is the folder of
# binaries.
command -v valgrind >/dev/null || exit 77
told=$(mktemp)
trap 'rm -f "$told"' EXIT

# The instructions of each of N panels.
count() {
    valgrind --tool=callgrind --toggle-collect=accept_slots \
        --callgrind-out-file=/dev/null \
        "$1/programme_bench" slots "$2" >"$told" 2>&1
    echo $(($(sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$told" | head -n 1) / $2))
}

few=$(count "$1" 100)
many=$(count "$1" 10000)
# What the sanitizers were built into does not run under valgrind.
[ "${few:-0}" -gt 0 ] || exit 77
echo "$few instructions for each of 100 panels, $many for each of 10,000"
[ "$many" -le $((few * 3 / 2)) ]
