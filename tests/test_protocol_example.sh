#!/bin/sh
# The example of docs/protocol.md verifies with the commands that stand there.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
command -v openssl >/dev/null || {
    echo "skipped: no openssl command (Debian: openssl)"
    exit 77
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
cd "$folder"

sed -n '/^```sh$/,/^```$/p' "$root/docs/protocol.md" | sed '/^```/d' >commands
sh -eu commands >output
grep -qx 'a1e9156054e04fac' output
grep -qx 'Signature Verified Successfully' output

# One changed character of the body, and it does not verify any more.
sed 's/68\.45/68.54/' commands >changed
cmp -s commands changed && exit 1
if sh -eu changed >output 2>&1; then
    echo "a changed body verified" >&2
    exit 1
fi
echo "the example verifies"
