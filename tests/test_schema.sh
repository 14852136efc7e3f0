#!/bin/sh
# The JSON Schemas of data/schema give the verdicts that the programs give.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
for python in /usr/bin/python3 python3; do
    if "$python" -c 'import jsonschema' 2>/dev/null; then
        exec "$python" "$root/tests/support/schema_check.py" "$root"
    fi
done
echo "skipped: no Python with jsonschema (Debian: python3-jsonschema)"
exit 77
