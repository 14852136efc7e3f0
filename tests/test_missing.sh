#!/bin/bash
# A character that no font has is told before a message is sent, and once by
# the display that shows it; it never stops anything.
set -u
display=$1/gaoshi-display
publish=$1/gaoshi-publish
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0

fail() {
    printf 'FAILED: %s\n' "$@"
    failed=1
}

# holds FILE TIMES TEXT: so many lines of the file hold the text.
holds() {
    local got
    got=$(grep -cF -- "$3" "$1")
    [ "$got" -eq "$2" ] ||
        fail "$got lines hold «$3», expected $2:" "$(cat "$1")"
}

if ! "$display" fonts --missing data/erqi/q01-gdp.json >"$folder/out" 2>&1; then
    echo "skipped: the fonts of the chain are not installed"
    exit 77
fi
[ ! -s "$folder/out" ] || fail 'a panel of the district has missing characters'

# U+E123 is for private use: no font of the chain may claim it. The notice is
# long enough for several pages.
private=$'\xee\x84\xa3'
rare=$'\xf4\x80\x80\x81'
printf '{"gaoshi": 1, "kind": "panel", "id": "x", "panel": {"template":
    "notice", "section": "general", "order": 1, "title": "二七%s区",
    "body": "%s%s%s"}}\n' "$private" "$private" \
    "$(yes 今晚八点停水。 | head -150 | tr -d '\n')" "$rare" >"$folder/x.json"
title="$folder/x.json: panel.title: no font has U+E123 '$private'; a box"
body="$folder/x.json: panel.body: no font has U+100001 '$rare'; a box"

"$display" fonts --missing "$folder/x.json" >"$folder/out" ||
    fail 'fonts --missing did not end with 0'
holds "$folder/out" 1 "$title will stand there"
holds "$folder/out" 1 "$body will stand there"
holds "$folder/out" 2 ''
"$display" fonts --missing - <"$folder/x.json" >"$folder/out"
holds "$folder/out" 1 '-: panel.title: no font has U+E123'
"$display" fonts --missing >"$folder/out" 2>&1
[ $? -eq 2 ] || fail 'fonts --missing without FILE did not end with 2'

"$publish" validate "$folder/x.json" data/erqi/q01-gdp.json \
    >"$folder/out" 2>"$folder/err"
[ $? -eq 4 ] || fail 'validate did not end with 4'
holds "$folder/out" 2 ': OK: panel'
holds "$folder/err" 1 "$title"
holds "$folder/err" 1 "$body"
holds "$folder/err" 2 ''

"$publish" panel push --dry-run --org erqi "$folder/x.json" \
    >"$folder/out" 2>"$folder/err" || fail 'panel push did not end with 0'
holds "$folder/err" 1 "$title"

raise() {
    "$1" alert raise --dry-run --org erqi --id a --event 暴雨 --level red \
        --headline "暴雨$private" --instruction 上高处 --area-text 二七区 \
        --sender 气象台 --status exercise >"$folder/out" 2>"$folder/err" ||
        fail 'alert raise did not end with 0'
}
raise "$publish"
holds "$folder/err" 1 'command line: alert.headline: no font has U+E123'

# Where the display is not installed, one note says that nobody looked.
mkdir "$folder/alone"
cp "$publish" "$folder/alone/"
PATH=$folder/alone raise "$folder/alone/gaoshi-publish"
holds "$folder/err" 1 'note: nobody looked for characters'
holds "$folder/err" 1 ''
PATH=$(dirname "$display"):$PATH raise "$folder/alone/gaoshi-publish"
holds "$folder/err" 1 'no font has U+E123'

# The display tells it once a message, however many pages it has.
mkdir "$folder/pages"
"$display" render "$folder/x.json" --size 640x360 --out "$folder/pages" \
    2>"$folder/err" || fail 'render did not end with 0'
[ "$(ls "$folder/pages" | wc -l)" -gt 1 ] || fail 'the notice has one page'
holds "$folder/err" 1 "'x' has characters that no font has: U+E123 U+100001"

exit $failed
