#!/usr/bin/env bash
# Every fuzz target runs over its seeds and over what was found before; where
# the build links libFuzzer (--fuzz), a second of new inputs follows.
# usage: test_fuzz.sh FOLDER_OF_BINARIES [--fuzz]
set -eu
bin=$1
cd "$(dirname "$0")/../.."

scratch=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export TMPDIR=$scratch

if [ "${2-}" = --fuzz ]; then
    exec tests/fuzz/run --no-build --seconds 1
fi
for source in tests/fuzz/fuzz_*.c; do
    target=$(basename "$source" .c)
    inputs=("$scratch/$target")
    tests/fuzz/seeds "$target" "$scratch/$target"
    [ ! -d "tests/fuzz/corpus/$target" ] || inputs+=("tests/fuzz/corpus/$target")
    if ! "$bin/$target" "${inputs[@]}" >"$scratch/log"; then
        echo "$target broke its rules with $(tail -n 1 "$scratch/log")" >&2
        exit 1
    fi
done
