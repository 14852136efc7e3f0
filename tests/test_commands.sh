#!/bin/bash
# What gaoshi-display says and how it ends, without broker and window: render,
# --check-config, --help, and wrong command lines; which addresses of brokers both
# programs take.
set -u
display=$1/gaoshi-display
publish=$1/gaoshi-publish
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0

# expect STATUS TEXT COMMAND…: ends with STATUS, and says TEXT on either side.
expect() {
    local status=$1 text=$2 said got
    shift 2
    said=$("$@" 2>&1)
    got=$?
    if [ "$got" -ne "$status" ] || [[ $said != *"$text"* ]]; then
        printf 'FAILED: %s\n  ended with %s, expected %s and «%s»:\n%s\n' \
            "$*" "$got" "$status" "$text" "$said"
        failed=1
    fi
}

panel=data/erqi/q05-built-up-area.json

expect 0 'gaoshi-display ' "$display" --version
expect 0 '--headless WxH' "$display" --help
expect 0 '--draw-list' "$display" render --help
expect 2 "no command 'rendr'" "$display" rendr
expect 2 '--frob: no such flag' "$display" --frob
expect 2 'screen.org: missing' "$display" --config /dev/null
expect 2 "'12x34x5', expected WIDTHxHEIGHT" "$display" --headless 12x34x5

# A draw list tells every line with its size, place and colour.
expect 0 '"建成区面积"' "$display" render "$panel" --draw-list
printf '{"gaoshi": 1, "kind": "panel", "id": "x", "panel": {"template": "notice",
    "section": "general", "order": 1, "title": "停\\u2068水", "body": "\\ue123"}}' \
    >"$folder/marks.json"
expect 0 '\u2068' "$display" render "$folder/marks.json" --draw-list

# What could not be written is told, and no device or pipe is replaced.
full='standard output cannot be written'
to_full() { "$@" >/dev/full; }
expect 1 "$full" to_full "$display" render "$panel" --draw-list
expect 1 "$full" to_full "$display" fonts --missing "$folder/marks.json"
expect 1 "$full" to_full "$display" --help
expect 1 "$full" to_full "$publish" validate "$panel"
expect 1 "$full" to_full "$publish" cap check \
    tests/cap/valid_china_alert.xml
expect 1 "$full" to_full "$publish" --help
to_pipe() {
    cat "$folder/pipe" >"$folder/piped" &
    "$@" || { local code=$?; kill $!; return $code; }
    wait $!
}
mkfifo "$folder/pipe"
expect 0 '' to_pipe "$display" render "$panel" --size 320x240 \
    --out "$folder/pipe"
[ -p "$folder/pipe" ] && [ -s "$folder/piped" ] ||
    { echo 'FAILED: render replaced a pipe'; failed=1; }
expect 0 '' to_pipe "$publish" panel push "$panel" --size 320x240 \
    --preview "$folder/pipe"
[ -p "$folder/pipe" ] && [ -s "$folder/piped" ] ||
    { echo 'FAILED: the preview replaced a pipe'; failed=1; }
ln -s picture.png "$folder/link.png"
touch "$folder/picture.png"
expect 0 '' "$display" render "$panel" --size 320x240 --out "$folder/link.png"
[ -L "$folder/link.png" ] && [ -s "$folder/picture.png" ] ||
    { echo 'FAILED: render replaced a link'; failed=1; }
expect 0 '"68.45"' "$display" render "$panel" --draw-list --size 512x128
expect 0 '"9:00"' "$display" render "$panel" --draw-list --furniture
expect 0 '"17:30"' "$display" render "$panel" --draw-list --furniture \
    --now 2021-07-20T17:30:00+08:00

# Alerts as a screen has them: blue a banner over a panel, red the whole glass.
blue=data/drills/flood-blue.json
expect 0 '"服务台"' "$display" render "$blue" --over sample --draw-list
expect 0 '"建成区面积"' "$display" render "$blue" --over "$panel" --draw-list
expect 0 '# data/drills/flood-blue.json page 2/' \
    "$display" render "$blue" --over "$panel" --draw-list
if "$display" render data/drills/flood-red.json --over "$panel" --draw-list |
    grep -q 建成区面积; then
    echo 'FAILED: a red alert left room for the panel'
    failed=1
fi
expect 4 "'alert', expected panel" \
    "$display" render "$blue" --over "$blue" --draw-list
expect 2 '--over: not with --with-alert' "$display" render "$panel" \
    --over "$panel" --with-alert "$blue" --draw-list

expect 0 '"示例区"' "$display" render --plain --draw-list --place 示例区
expect 2 '--plain: takes no FILE' "$display" render --plain "$panel" --draw-list
expect 2 'none.conf: No such file' "$display" render "$panel" --draw-list \
    --config "$folder/none.conf"

# Files are judged by the validator, with 4 and the place of what is wrong.
printf '{"gaoshi": 1, "kind": "panel",\n "id": "x", "panell": {}}' \
    >"$folder/wrong.json"
expect 4 'wrong.json:2' "$display" render "$folder/wrong.json" --draw-list
printf '' >"$folder/empty.json"
expect 4 'empty.json' "$display" render "$folder/empty.json" --draw-list
head -c 1048576 /dev/zero | tr '\0' ' ' >"$folder/large.json"
expect 4 'more than 65536 bytes' "$display" render "$folder/large.json" \
    --draw-list
expect 2 'no FILE given' "$display" render --draw-list
expect 2 '--out or --draw-list' "$display" render "$panel"
expect 2 'several files need a folder' \
    "$display" render "$panel" "$panel" --out "$folder/x.png"
expect 1 '--page: it has 1' "$display" render "$panel" --draw-list --page 9

# Pictures have the size of the glass as it hangs, and are the same twice.
expect 0 '' "$display" render "$panel" --size 640x360 --out "$folder/a.png"
expect 0 '' "$display" render "$panel" --size 640x360 --out "$folder/b.png"
cmp "$folder/a.png" "$folder/b.png" || failed=1
expect 0 '' "$display" render "$panel" --size 360x640 --rotation 90 \
    --out "$folder/c.png"
size=$(od -An -tu1 -j16 -N8 "$folder/c.png" | tr -s ' ')
[ "$size" = ' 0 0 1 104 0 0 2 128' ] ||
    { echo "FAILED: the rotated picture is$size"; failed=1; }
mkdir "$folder/all"
expect 0 '' "$display" render data/erqi/q0[0-2]*.json --size 640x360 \
    --out "$folder/all"
[ "$(ls "$folder/all" | wc -l)" -ge 3 ] ||
    { echo 'FAILED: pictures are missing'; failed=1; }

# The configuration is looked at as a whole before anything starts.
openssl genpkey -algorithm ed25519 2>/dev/null |
    openssl pkey -pubout -out "$folder/key.pem" 2>/dev/null
write_config() {
    printf '[screen]\norg = erqi\nid = lobby\n[broker]\naddress = mqtt://h:1\n[trust]\npanels = %s\n[glass]\ntheme = %s\n' \
        "$1" "$2" >"$folder/display.conf"
}
check=("$display" --check-config --config "$folder/display.conf")
write_config "$folder/key.pem" night
expect 0 'the configuration is good' "${check[@]}"
write_config "$folder/none.pem" night
expect 2 'none.pem: No such file' "${check[@]}"
write_config "$panel" night
expect 2 'q05-built-up-area.json' "${check[@]}"
write_config "$folder/key.pem" no-such-theme
expect 2 'no-such-theme.ini' "${check[@]}"
# What stands in columns is told, and left out.
write_config "$folder/key.pem" night
sed -i 's/^id = .*/&\nname = ᠬᠥᠬᠡᠬᠣᠲᠠ/' "$folder/display.conf"
echo 'ticker = ꡏꡡꡃꡣꡡꡙ' >>"$folder/display.conf"
expect 0 'display.conf:4: screen.name: the Mongolian script stands in columns' \
    "${check[@]}"
expect 0 'display.conf:11: glass.ticker: the Phags_Pa script stands in columns' \
    "${check[@]}"
sed -i 's/^name = .*/name = 二七区 Erqi/; s/^ticker = .*/ticker = 今日 5℃/' \
    "$folder/display.conf"
if "${check[@]}" 2>&1 | grep -q 'stands in columns'; then
    echo 'FAILED: Chinese and Latin are called scripts in columns'
    failed=1
fi
expect 0 '"今日"' "$display" render "$panel" --furniture --ticker 今日 --draw-list
for flag in --ticker --place; do
    "$display" render "$panel" --furniture "$flag" 'ᠮᠣᠩ' --draw-list \
        >"$folder/out" 2>"$folder/err"
    grep -q 'Mongolian script stands in columns' "$folder/err" && ! grep -q 'ᠮ' "$folder/out" ||
        { echo "FAILED: $flag is drawn in Mongolian"; failed=1; }
done

sed -i 's/^idd* = .*/idd = lobby/; /^name = /d; /^ticker = /d' "$folder/display.conf"
expect 2 'display.conf:3: screen.idd: no such key' "${check[@]}"

# Everything that the line needs is looked at together; file, line and key are
# told, a password never.
line_config() {
    printf '[screen]\norg = erqi\nid = lobby\n[trust]\npanels = %s\n[broker]\n%s\n' \
        "$folder/key.pem" "$1" >"$folder/display.conf"
}
for address in b:1883 mqtt//b mqtt://b:abc mqtt://b:99999 mqtt://b:0 mqtt://b: \
    mqtt:// mqtt://a..b mqtt://10.0.0.300 mqtt://b:1883/x http://b 'mqtt://[::1:1883' \
    'mqtt://[1.2.3.4]' mqtt://-b mqtt://b:+1; do
    line_config "address = mqtt://good:1 $address"
    expect 2 "display.conf:7: broker.address: '$address': expected mqtt://HOST:PORT" \
        "${check[@]}"
    expect 2 "--broker: '$address': expected mqtt://HOST:PORT" \
        "$display" --check-config --org erqi --screen s --trust "$folder/key.pem" \
        --broker "$address"
    expect 2 "--broker: '$address': expected mqtt://HOST:PORT" \
        "$publish" panel push "$panel" --org erqi --key k --broker "$address"
    printf '[publisher]\norg = erqi\n[broker]\naddress = %s\n' "$address" \
        >"$folder/publish.conf"
    expect 2 "publish.conf:4: broker.address: '$address': expected mqtt://HOST:PORT" \
        "$publish" panel push "$panel" --config "$folder/publish.conf"
done
for address in mqtt://b MQTT://b:1 mqtt://b:65535 'mqtt://[::1]:1883' \
    'mqtt://[2001:db8::1]' mqtt://192.0.2.1:1883 mqtt://b-1.example.org:1; do
    line_config "address = $address"
    expect 0 'the configuration is good' "${check[@]}"
done
line_config 'address = mqtt://user:hunter2@b:1883'
expect 2 'display.conf:7: broker.address: a name or a password' "${check[@]}"
if "${check[@]}" 2>&1 | grep -q hunter2 ||
    "$publish" panel push "$panel" --broker mqtt://user:hunter2@b:1 2>&1 |
    grep -q hunter2; then
    echo 'FAILED: a password is told'
    failed=1
fi
line_config 'address = mqtt://a mqtts://b'
expect 2 'display.conf:7: broker.address: ' "${check[@]}"
line_config 'address = mqtts://b'
expect 2 'broker.ca: missing; TLS needs' "${check[@]}"
line_config "address = mqtts://b
ca = none.pem"
expect 2 'display.conf:8: broker.ca: ' "${check[@]}"
line_config "address = mqtt://b
ca = key.pem"
expect 2 'display.conf:7: broker.address: certificates are given' "${check[@]}"
line_config "address = mqtt://b
username = x
password_file = none"
expect 2 'display.conf:9: broker.password_file: ' "${check[@]}"
line_config "address = mqtt://b
mqtt_version = 6"
expect 2 'display.conf:8: broker.mqtt_version: ' "${check[@]}"

# Each command's help begins with what it does; its examples are of this command
# and have flags that the help tells, its own before the common ones.
"$publish" --help | sed -n 's/^  \([a-z]*\( [a-z][a-z]*\)*\) .*/\1/p' >"$folder/commands"
while read -r name; do
    # shellcheck disable=SC2086  # several words
    "$publish" $name --help >"$folder/help"
    sed -n '/^Examples:/,/^$/s/^  gaoshi-publish //p' "$folder/help" >"$folder/examples"
    grep -v "^$name\( \|\$\)" "$folder/examples" &&
        { echo "FAILED: an example of another command than $name"; failed=1; }
    for flag in $(grep -oE -- '--[a-z-]+' "$folder/examples"); do
        grep -qE -- "^  $flag( |\$)" "$folder/help" ||
            { echo "FAILED: $name has no $flag"; failed=1; }
    done
    [ "$(grep -c '^Common options:' "$folder/help")" = 1 ] ||
        { echo "FAILED: $name: no common options"; failed=1; }
done <"$folder/commands"
[ "$(wc -l <"$folder/commands")" -gt 40 ] || { echo 'FAILED: few commands'; failed=1; }
expect 2 '高温' "$publish" alert raise --template 高 --level red --org erqi --dry-run

# What commands tell a program: one object a line, and nothing else there.
# json STATUS FILTER COMMAND…: ends with STATUS, and jq's FILTER is true of its lines.
json() {
    local status=$1 filter=$2 got
    shift 2
    "$@" --json >"$folder/json" 2>"$folder/said"
    got=$?
    [ "$got" -eq "$status" ] && jq -se "$filter" "$folder/json" >/dev/null && return
    printf 'FAILED: %s --json: ended with %s, expected %s and %s:\n' \
        "$*" "$got" "$status" "$filter"
    cat "$folder/json" "$folder/said"
    failed=1
}
json 0 '.[0].templates | any(.name == "flood" and .levels.red.hours > 0)' \
    "$publish" alert templates
json 4 '[.[].ok] == [true, false] and .[0].alerts[0].scope == "area-410103"
    and (.[0].notes | length) > 0 and .[1].line == 1' \
    "$publish" cap check tests/cap/valid_china_alert.xml README.md
printf 'kind,title,value,unit\nfigure,参保率,76.5,%%\nfigure,x,abc,\n' >"$folder/rows.csv"
json 4 'length == 1 and .[0].panels[0].title == "参保率" and .[0].bad_rows[0].line == 3
    and .[0].bad_rows[0].field == "value"' "$publish" panel import "$folder/rows.csv"
json 0 '.[0].key | length == 16' "$publish" keys new --out "$folder/keys"
waiting() {
    "$publish" "$@" --org erqi --state "$folder/outbox.db" \
        --key "$folder/keys/gaoshi.pem" --broker mqtt://127.0.0.1:9 --timeout 1
}
json 3 '.[0].messages[0] | .id == "gas" and .broker == "unconfirmed"' \
    waiting panel push --kind notice --id gas --title 停气 --text 明天 --until +2h
json 3 '.[0].messages[0].id == "gas"' waiting outbox send
json 3 '.[0].messages | length == 2' waiting figures set river=3.4 --with-waiting
json 0 '.[0].dropped | map(.id) == ["gas", "river"]' waiting outbox drop --all
town=$folder/town
make_town() { "$publish" provision town "$town" --org erqi --host localhost \
    --operator li "$@" </dev/null; }
json 0 'map(has("file") or has("town")) == [true, true, true]' make_town
json 0 'length == 1 and (.[0].file | endswith("lobby-1.tar"))' \
    "$publish" provision screen lobby-1 --town "$town" --area 410103001001
json 0 '.[0].command == "sudo gaoshi-display setup"' \
    "$publish" provision renew lobby-1 --town "$town"
json 0 '.[0].revoked == "lobby-1" and (.[1].file | endswith("broker.tar"))' \
    "$publish" provision revoke lobby-1 --town "$town"
json 0 '.[0].list and (.[0].root | length == 16)' "$publish" keys grant \
    "$town/root/keys.gaoshi" "$folder/keys/gaoshi.pub.pem" --role panels \
    --scope all --root "$town/root/root.pem"
json 0 '.[0].files | any(endswith("screen.key"))' "$publish" provision screen s \
    --ca "$town/ca" --out "$folder/s" --root "$town/root/root.pub.pem" \
    --broker mqtts://localhost:8883
json 0 '.[0].template == "notice" and (.[0].file | endswith("new.json"))' \
    "$publish" panel new --kind notice --title 停气 --text 明天 --until +2h \
    --out "$folder/new.json"

# Lines for the journal bear their priority; nothing else does.
: >"$folder/journal"
stream=$(stat -c %d:%i "$folder/journal")
JOURNAL_STREAM=$stream "$display" --config "$folder/none.conf" 2>>"$folder/journal"
JOURNAL_STREAM=$stream "$publish" panel push none.json --org erqi 2>>"$folder/journal"
if [ "$(grep -c '^<3>' "$folder/journal")" -lt 2 ] ||
    grep -qv '^<[34]>' "$folder/journal"; then
    echo 'FAILED: the journal is told no priorities:'
    cat "$folder/journal"
    failed=1
fi
for stream in 1:1 "x$stream" ''; do
    : >"$folder/plain"
    JOURNAL_STREAM=$stream "$display" --config "$folder/none.conf" 2>>"$folder/plain"
    JOURNAL_STREAM=$stream "$publish" panel push none.json --org erqi 2>>"$folder/plain"
    if grep '^<' "$folder/plain"; then
        echo 'FAILED: a priority where no journal reads'
        failed=1
    fi
done

exit $failed
