#!/bin/sh
# The JSON Schemas of data/schema and «gaoshi-publish validate» give the same
# verdicts over the corpus; argument 1 is the folder of binaries.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
validate="$1/gaoshi-publish validate"
faults=0

# A wire body that only lacks what the publisher fills in is a good draft.
for file in "$root"/tests/messages/*.json; do
    case $(basename "$file") in
    valid_*) expected=0 ;;
    invalid_wire_*) continue ;;
    *) expected=4 ;;
    esac
    status=0
    $validate "$file" >/dev/null 2>&1 || status=$?
    if [ "$status" -ne "$expected" ]; then
        echo "$file: validate ended with $status, expected $expected"
        faults=$((faults + 1))
    fi
done
[ "$faults" -eq 0 ] || exit 1

for python in /usr/bin/python3 python3; do
    if "$python" -c 'import jsonschema' 2>/dev/null; then
        exec "$python" "$root/tests/support/schema_check.py" "$root"
    fi
done
echo "skipped: no Python with jsonschema (Debian: python3-jsonschema)"
exit 77
