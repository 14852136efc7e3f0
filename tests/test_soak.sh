#!/bin/sh
# A short share of the soak (tests/soak/run): no alert is lost, nothing ends,
# descriptors stay few. Whether memory grows only the long run tells.
table=$(mktemp)
trap 'rm -f "$table"' EXIT
"$1/soak" 20 "$table" && test "$(wc -l <"$table")" -gt 10
