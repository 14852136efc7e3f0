#!/bin/bash
# What docs/panels.md says of each kind of panel: the file there is taken and is
# the smallest, its picture is there, and every field of the schema is named. The
# commands of the page run as they stand there.
set -u
bin=$(cd "$1" && pwd)
source=$PWD
guide=$PWD/docs/panels.md
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

mkdir "$folder/kinds"
awk -v folder="$folder/kinds" -f docs/kinds.awk "$guide"
cd "$folder/kinds" || exit 1
gm convert -size 640x360 'gradient:#6fa8dc-#f4dcb0' hills.jpg
cp hills.jpg road.jpg
# Of each file true or false, a line each.
verdicts() { "$bin/gaoshi-publish" validate --json "$@" 2>/dev/null | jq .ok; }

schema=$source/data/schema/panel.schema.json
mapfile -t kinds < <(jq -r '.properties.template.enum[]' "$schema")
[ "$(ls ./*.json | wc -l)" -eq ${#kinds[@]} ] || fail "kinds: ${kinds[*]}, told: $(ls ./*.json)"
for kind in "${kinds[@]}"; do
    [ "$(verdicts "$kind.json")" = true ] || fail "$kind.json is refused:" "$(cat "$kind.json")"
    [ "$(jq -r .panel.template "$kind.json")" = "$kind" ] || fail "$kind.json is of another kind"
    [ -s "$source/docs/pictures/kinds/$kind.png" ] || fail "no picture of $kind"
    # Without any one of its fields, or entries, it is refused; but the labels of
    # figures, without which nobody knows what they are.
    jq -c 'paths | select(.[0] == "panel" and length > 1 and .[1:2] + .[3:] != ["figures", "label"])' \
        "$kind.json" >paths
    rm -rf less
    mkdir less
    number=0
    while read -r path; do
        number=$((number + 1))
        jq "delpaths([$path])" "$kind.json" >"less/$number.json"
    done <paths
    ln -s ../hills.jpg ../road.jpg less/
    while read -r path good; do
        [ "$good" = false ] || fail "$kind.json goes without $path"
    done < <(paste -d ' ' paths <(verdicts $(seq -f 'less/%g.json' "$number")))
    # Its part of the page, or what is said of all kinds, names every field.
    awk -v kind="$kind" '/^## / { within = $0 == "## The kinds"; all = within }
        /^### / { all = 0; own = $2 == kind }
        within && (all || own)' "$guide" >words
    for field in $(jq -r --arg kind "$kind" '.allOf[]
        | select(.if.properties.template.const? == $kind) | .then.propertyNames.enum[]' \
        "$schema"); do
        grep -qE "\`$field\`|\"$field\"" words || fail "$kind: the field $field is not told"
    done
done

# The commands, by an operator whose broker is away; nothing is sent.
mkdir -p "$folder/desk/.config/gaoshi" "$folder/path"
cd "$folder/desk" || exit 1
export HOME=$PWD PATH=$folder/path:$PATH
"$bin/gaoshi-publish" keys new --out keys >/dev/null
cat >.config/gaoshi/publish.conf <<END
[publisher]
org = erqi
key = $PWD/keys/gaoshi.pem
state = $PWD/outbox.db
[broker]
address = mqtt://127.0.0.1:9
END
"$bin/gaoshi-publish" panel push "$folder/kinds/title.json" --timeout 1 2>/dev/null
cat >"$folder/path/gaoshi-publish" <<END
#!/bin/sh
case "\$1 \$2" in
"panel push" | "figures set" | "settings push") set -- "\$@" --dry-run ;;
"panel import") case "\$*" in *--push*) set -- "\$@" --dry-run ;; esac ;;
esac
exec "$bin/gaoshi-publish" "\$@"
END
ln -s "$bin/gaoshi-display" "$folder/path/gaoshi-display"
chmod +x "$folder/path/gaoshi-publish"
printf '类型,标题,指标,数值\n数字,参保率,参保率,76.5%%\n' >figures.csv
for name in poster.jpg spring.jpg a.jpg b.png c.webp; do
    gm convert -size 320x240 'gradient:#6fa8dc-#f4dcb0' "$name"
done
printf '停水至十二时。\n' >typed
awk '/^```/ { open = !open; inside = open && $0 == "```"; next } inside' "$guide" |
    sed -n '/^gaoshi-/p; /^cat >/,/^END/p' >commands
[ "$(grep -c '^gaoshi-' commands)" -ge 12 ] || fail 'the page has fewer commands'
# One after the other, so that each failure is told; a block with <<'END' is one.
awk '/^cat >/ { inside = 1 } { printf "%s%s", $0, inside && $0 != "END" ? "\n" : "\0" }
    $0 == "END" { inside = 0 }' commands >list
while IFS= read -r -d '' command; do
    said=$(bash -c "$command" <typed 2>&1) ||
        fail "$command" "$said"
done <list

exit $failed
