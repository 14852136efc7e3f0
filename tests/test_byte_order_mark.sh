#!/bin/bash
# A byte order mark, as some editors put it at the start of a file, changes
# nothing in files of text, and is told where it would do harm.
set -u
display=$1/gaoshi-display
publish=$1/gaoshi-publish
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME=$folder XDG_STATE_HOME=$folder
failed=0

# marked FILE COPY: the file with a mark before it.
marked() {
    { printf '\xef\xbb\xbf' && cat "$1"; } >"$2"
}

# expect CODE TEXT COMMAND…: how it ends, and what it says somewhere.
expect() {
    local code=$1 text=$2 got
    shift 2
    "$@" >"$folder/said" 2>&1
    got=$?
    if [ "$got" -ne "$code" ] ||
        { [ "$text" ] && ! grep -qF -- "$text" "$folder/said"; }; then
        printf 'FAILED: %s\nended with %d, expected %d and «%s»:\n' \
            "$*" "$got" "$code" "$text"
        cat "$folder/said"
        failed=1
    fi
}

panel=data/erqi/q05-built-up-area.json
marked "$panel" "$folder/panel.json"
expect 0 'OK: panel' "$publish" validate "$folder/panel.json"
expect 0 '' "$publish" panel push --dry-run --org erqi "$folder/panel.json"
expect 0 '' "$display" render "$folder/panel.json" --size 640x360 \
    --out "$folder/marked.png"
expect 0 '' "$display" render "$panel" --size 640x360 --out "$folder/plain.png"
cmp "$folder/plain.png" "$folder/marked.png" || failed=1

# Themes and the chain of fonts.
mkdir -p "$folder/shared/data/themes" "$folder/shared/fonts"
cp -r data/. "$folder/shared/data/"
cp -r fonts/. "$folder/shared/fonts/"
marked data/themes/night.ini "$folder/shared/data/themes/night.ini"
marked fonts/chain.ini "$folder/shared/fonts/chain.ini"
expect 0 '' "$display" render "$panel" --size 640x360 --theme night \
    --data "$folder/shared" --out "$folder/themed.png"
[ ! -s "$folder/said" ] || { cat "$folder/said"; failed=1; }
cmp "$folder/plain.png" "$folder/themed.png" || failed=1

# Keys and configurations.
openssl genpkey -algorithm ed25519 -out "$folder/private" 2>/dev/null
openssl pkey -in "$folder/private" -pubout -out "$folder/public" 2>/dev/null
marked "$folder/public" "$folder/key.pem"
printf '[screen]\norg = erqi\nid = lobby\n[broker]\naddress = mqtt://h:1\n[trust]\npanels = key.pem\n' \
    >"$folder/conf"
marked "$folder/conf" "$folder/display.conf"
expect 0 'the configuration is good' \
    "$display" --check-config --config "$folder/display.conf"
umask 077
marked "$folder/private" "$folder/private.pem"
printf '[publisher]\norg = erqi\nkey = %s\n[broker]\naddress = mqtt://127.0.0.1:1\n' \
    "$folder/private.pem" >"$folder/conf"
marked "$folder/conf" "$folder/publish.conf"
expect 0 '' "$publish" panel push --dry-run --config "$folder/publish.conf" \
    "$folder/panel.json"

# Before a password it would be a part of it; before a certificate the first
# one would be passed over.
printf 'secret\n' >"$folder/word"
marked "$folder/word" "$folder/password"
expect 6 "$folder/password: begins with a byte order mark" \
    "$publish" panel push --config "$folder/publish.conf" --username operator \
    --password-file "$folder/password" "$folder/panel.json"
iconv -f UTF-8 -t UTF-16 "$folder/word" >"$folder/password"
expect 6 "$folder/password: begins with a byte order mark" \
    "$publish" panel push --config "$folder/publish.conf" --username operator \
    --password-file "$folder/password" "$folder/panel.json"

# A file of older Chinese programs is named as such.
iconv -f UTF-8 -t GB18030 "$folder/panel.json" >"$folder/gb18030.json"
expect 4 'the file is GB 18030, convert it with iconv' \
    "$publish" validate "$folder/gb18030.json"

exit $failed
