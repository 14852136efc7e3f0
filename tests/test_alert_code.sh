#!/bin/sh
# The code on an alert's page is read by a real decoder, from the pixels of the
# glass: in every shape, presentation and colour, short address and long.
set -eu

bin=$1
if ! command -v zbarimg >/dev/null; then
    echo 'skipped: there is no zbarimg here'
    exit 77
fi
out=$(mktemp -d)
trap 'rm -r "$out"' EXIT
short=https://www.example.org/flood
long="https://www.example.org/emergency/2021/rainstorm/notice?area=410103&level=1&id=0123456789abcdef"

make_alert() { # level address
    jq --arg web "$2" '.alert.web = $web' "data/drills/flood-$1.json"
}

# There is one code in all of the pages, and it says the address.
expect() { # what, address
    found=$(zbarimg --quiet --raw "$out"/pages/*.png 2>/dev/null || true)
    if [ "$found" != "$2" ]; then
        echo "$1: read «$found», expected «$2»"
        exit 1
    fi
    rm -r "$out/pages"
}

draw() { # size, what else
    size=$1
    shift
    mkdir "$out/pages"
    "$bin/gaoshi-display" render "$@" --size "$size" --out "$out/pages/"
}

for level in red orange yellow blue; do
    make_alert "$level" "$short" >"$out/alert.json"
    draw 1920x1080 "$out/alert.json"
    expect "$level" "$short"
done
make_alert red "$long" >"$out/alert.json"
for size in 1920x1080 1080x1920 1080x1080 1280x720 3840x2160; do
    draw "$size" "$out/alert.json"
    expect "a long address at $size" "$long"
done

# Beside the programme.
make_alert yellow "$short" >"$out/alert.json"
mkdir "$out/pages"
for page in 1 2 3 4 5; do
    "$bin/gaoshi-display" render data/erqi/w11-places.json --page 1 \
        --with-alert "$out/alert.json" --alert-page "$page" \
        --presentation upper --size 1920x1080 --out "$out/pages/$page.png"
done
expect 'above the programme' "$short"
