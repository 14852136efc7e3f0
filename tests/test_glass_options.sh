#!/bin/bash
# Every option of the glass, as it stands in a screen's configuration, does
# what it says to the pixels or to the draw list.
set -u
display=$1/gaoshi-display
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
panel=data/erqi/q01-gdp.json
failed=0

fail() {
    printf 'FAILED: %s\n' "$@"
    failed=1
}

# with OPTIONS FLAG…: renders the panel with these lines under [glass].
with() {
    printf '[screen]\nname = 郑州市二七区\n[glass]\n%b\n' "$1" \
        >"$folder/display.conf"
    shift
    "$display" render --config "$folder/display.conf" --furniture "$@" \
        >"$folder/list" 2>"$folder/said" ||
        fail "render $*:" "$(cat "$folder/said")"
}

# The list of the last with shows (or shows not) the text.
shows() {
    grep -qF -- "$1" "$folder/list" || fail "$2: «$1» is not shown"
}
hides() {
    ! grep -qF -- "$1" "$folder/list" || fail "$2: «$1» is shown"
}

if ! "$display" render "$panel" --draw-list >/dev/null 2>&1; then
    echo 'skipped: the fonts of the chain are not installed'
    exit 77
fi

# Each part of the furniture can be taken away alone; the progress has no
# words, but it is an item.
with '' "$panel" --draw-list
all=$(wc -l <"$folder/list")
while read -r option text; do
    with '' "$panel" --draw-list
    shows "$text" "all of the furniture"
    with "$option = no" "$panel" --draw-list
    hides "$text" "$option = no"
done <<'PARTS'
place "郑州市二七区"
clock "9:00"
date 9 月 8 日
lunar 八月初二
section 品质二七
PARTS
with 'progress = no' "$panel" --draw-list
[ "$(wc -l <"$folder/list")" -lt "$all" ] || fail 'progress = no: all is drawn'
none=
for part in place clock date lunar section progress line_mark; do
    none+="$part = no\\n"
done
with "$none" "$panel" --draw-list
cp "$folder/list" "$folder/bare"
"$display" render "$panel" --draw-list >"$folder/list"
cmp "$folder/bare" "$folder/list" || fail 'something of the frame is left'

# The ticker is off unless it says something.
with 'ticker = 今晚 22 时起更新软件' "$panel" --draw-list
shows '今晚 22 时起更新软件' 'ticker'
with 'ticker =' "$panel" --draw-list
[ "$(wc -l <"$folder/list")" -eq "$all" ] || fail 'an empty ticker draws'

# Motion: full rises and counts, reduced does neither but comes in, none is at
# rest from the first frame.
with '' "$panel" --draw-list
cp "$folder/list" "$folder/rest"
for motion in full reduced none; do
    with "motion = $motion" "$panel" --draw-list
    cmp "$folder/rest" "$folder/list" || fail "$motion does not end at rest"
    with "motion = $motion" "$panel" --draw-list --at 200
    cp "$folder/list" "$folder/$motion"
done
cmp -s "$folder/full" "$folder/rest" && fail 'full does not move'
for motion in reduced none; do
    cmp "$folder/$motion" "$folder/rest" || fail "$motion moves on the page"
done
# Only a figure with a baseline counts.
jq '.panel |= (del(.ratio) + {baseline_value: 460})' "$panel" >"$folder/counts.json"
with 'motion = full' "$folder/counts.json" --draw-list --at 200
hides '"760"' 'a figure counts'
with 'motion = full' "$panel" --draw-list --at 200
shows '"760"' 'a figure without a baseline'

# Local time, theme, and the distance that sets the smallest size.
with 'utc_offset = +00:00' "$panel" --draw-list
shows '"1:00"' utc_offset
with 'theme = day' "$panel" --draw-list
shows '#FFFFEFB3' 'theme = day'
with 'height_mm = 680\nviewing_distance_m = 9' "$panel" --draw-list
cmp -s "$folder/rest" "$folder/list" && fail 'the distance changes nothing'

# A glass that hangs turned: the same pixels, turned clockwise. The size given
# is that of the glass as it hangs.
if ! command -v gm >/dev/null; then
    echo 'not looked at: rotation, without graphicsmagick'
    exit $failed
fi
for message in "$panel" data/drills/flood-red.json; do
    for rotation in 0 90 180 270; do
        size=640x360
        [ $((rotation % 180)) -eq 0 ] || size=360x640
        with "rotation = $rotation" "$message" --page 1 --size "$size" \
            --out "$folder/$rotation.png"
        gm convert "$folder/$rotation.png" "rgb:$folder/$rotation.rgb"
        gm convert "$folder/0.png" -rotate "$rotation" "rgb:$folder/turned.rgb"
        cmp "$folder/turned.rgb" "$folder/$rotation.rgb" ||
            fail "rotation = $rotation: $message is not turned"
    done
done

exit $failed
