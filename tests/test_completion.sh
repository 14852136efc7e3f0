#!/bin/bash
# What bash completes of both programs, by the scripts that they print.
set -u
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0

# completes WORD... EXPECTED: the last word, completed, has EXPECTED in it.
completes() {
    local expected=${*: -1}
    COMP_WORDS=("${@:1:$#-1}")
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    COMPREPLY=()
    "_$1"
    [[ " ${COMPREPLY[*]} " == *" $expected "* ]] && return
    printf 'FAILED: %s: expected %s, got: %s\n' \
        "${COMP_WORDS[*]}" "$expected" "${COMPREPLY[*]}"
    failed=1
}

for program in gaoshi-display gaoshi-publish; do
    "$1/$program" --completion bash >"$folder/$program" || failed=1
    . "$folder/$program" || failed=1
    complete -p "$program" >/dev/null || failed=1
done
cd "$folder" || exit 1
touch flood.json

completes gaoshi-publish al alert
completes gaoshi-publish alert ra raise
completes gaoshi-publish alert raise --head --headline
completes gaoshi-publish panel push fl flood.json
completes gaoshi-publish panel push --key fl flood.json
completes gaoshi-publish panel push --broker mqtt://a --wait --wait-shown
completes gaoshi-publish heartbeat --ev --every
completes gaoshi-publish command lobby-1 screenshot --ou --out
completes gaoshi-publish plays --sc --screen
completes gaoshi-display re render
completes gaoshi-display --win --windowed
completes gaoshi-display render --motion re reduced
completes gaoshi-display render x.json --draw --draw-list
completes gaoshi-display fonts --mis --missing

exit $failed
