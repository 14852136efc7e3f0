#!/bin/sh
# An alert of two pages is set, and the first of them drawn, within a budget of
# instructions: counted, not timed, so that a busy machine changes nothing. Three
# settings and three pages are counted, of which the first finds nothing in
# memory. Argument 1 is the folder of binaries.
SETTING=30000000
DRAWING=60000000
if ! command -v valgrind >/dev/null; then
    echo "not run: there is no valgrind"
    exit 77
fi
told=$(mktemp)
trap 'rm -f "$told"' EXIT
drill=data/drills/flash-flood-red.json
"$1/setting_bench" "$drill" 1920 1080 || exit 1

# The instructions of all calls of function $2.
count() {
    valgrind --tool=callgrind --toggle-collect="$2" \
        --callgrind-out-file=/dev/null "$1/setting_bench" \
        "$drill" 1920 1080 >"$told" 2>&1
    sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$told" | head -n 1
}

setting=$(count "$1" page_set_create)
drawing=$(count "$1" renderer_draw)
if [ "${setting:-0}" -eq 0 ] || [ "${drawing:-0}" -eq 0 ]; then
    echo "not run: what a sanitizer is built into does not run under valgrind"
    exit 77
fi
echo "set three times: $setting instructions, $SETTING at most"
echo "drawn three times: $drawing instructions, $DRAWING at most"
[ "$setting" -le "$SETTING" ] && [ "$drawing" -le "$DRAWING" ]
