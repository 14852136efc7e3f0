#!/bin/bash
# The gallery is made by one command, whole and small, and its page is the one
# that is kept in docs.
set -u
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0

fail() {
    printf 'FAILED: %s\n' "$@"
    failed=1
}

if ! command -v gm >/dev/null; then
    echo 'skipped: graphicsmagick is not installed'
    exit 77
fi
if ! "$1/gaoshi-display" render --plain --draw-list >/dev/null 2>&1; then
    echo 'skipped: the fonts of the chain are not installed'
    exit 77
fi

docs/make-gallery --bin "$1" --out "$folder" >"$folder/said" 2>&1 ||
    fail 'make-gallery failed:' "$(cat "$folder/said")"
[ ! -s "$folder/said" ] || fail 'it said something:' "$(cat "$folder/said")"

# Every template of the schema has its picture in every shape, and for readers
# far away; those of photographs are drawn by test_picture_pages.
templates=$(jq -r '.. | objects | select(has("template")) | .template.enum?
    | arrays | .[]' data/schema/panel.schema.json |
    grep -vxE 'photo|poster|series' | sort -u)
[ "$(wc -w <<<"$templates")" -eq 13 ] || fail "templates: $templates"
for template in $templates; do
    for picture in "$template" "$template-far" "$template-portrait" \
        "$template-portrait-far" "$template-square" "$template-square-far" \
        "$template-strip" "$template-wide"; do
        [ -s "$folder/pictures/$picture.png" ] || fail "no $picture.png"
    done
done

# What the page names is there, and what is there is named; panel.png is the
# README's.
grep -o 'pictures/[^)]*' "$folder/gallery.md" | sort >"$folder/named"
(cd "$folder" && ls pictures/*.png | grep -v /panel.png) >"$folder/made"
diff "$folder/named" "$folder/made" || fail 'page and pictures differ'
[ -s "$folder/pictures/panel.png" ] || fail 'no panel.png'
for picture in readme/portrait readme/strip readme/alert readme/drill kinds/photo; do
    [ -s "$folder/pictures/$picture.png" ] || fail "no $picture.png"
done
bytes=$(find "$folder/pictures" -name '*.png' -exec cat {} + | wc -c)
[ "$bytes" -lt $((4 * 1024 * 1024)) ] || fail "the pictures have $bytes bytes"

# Pictures follow the look of the day; the page must not fall behind.
cmp "$folder/gallery.md" docs/gallery.md || fail 'run docs/make-gallery again'
for picture in $(cat "$folder/named") $(cd "$folder" && ls pictures/*/*.png) \
    pictures/panel.png; do
    [ -s "docs/$picture" ] || fail "docs/$picture is missing"
done

exit $failed
