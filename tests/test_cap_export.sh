#!/bin/sh
# Every alert and cancel that is exported is CAP 1.2 by its schema, and is read
# again as what it was; argument 1 is the folder of binaries.
set -eu
publish="$1/gaoshi-publish"
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM

# say FILE: the first line of what «cap check» tells, without its head.
say()
{
    "$publish" cap check "$1" 2>"$folder/notes" | sed 's/.*: \(OK\|expired at [^,]*\): [^,]*, //;q'
}

count=0
for file in data/drills/*.json tests/messages/valid_alert*.json; do
    name=$(basename "$file" .json)
    "$publish" cap export --org erqi "$file" >"$folder/$name.xml"
    # It goes out and comes in: level, event and status stay.
    level=$(jq -r '.alert.level // "-"' "$file")
    case $level in
    red | orange | yellow | blue | -) ;;
    *) level=unknown ;;
    esac
    status=$(jq -r '(.alert // .cancel).status // "actual"' "$file")
    event=$(jq -r '(.alert // .cancel).event // ""' "$file")
    said=$(say "$folder/$name.xml")
    case $said in
    "$status cancel "*) [ "$level" = - ] ;;
    "$status "*" $level $event to "*) ;;
    *) false ;;
    esac || {
        echo "$file: '$status … $level $event' expected, '$said' read again" >&2
        exit 1
    }
    count=$((count + 1))
done
[ "$count" -ge 15 ]

# Neither panels nor what is broken become CAP.
for file in tests/messages/valid_panel_removal.json \
    tests/messages/invalid_half.json; do
    status=0
    "$publish" cap export --org erqi "$file" >/dev/null 2>&1 || status=$?
    [ "$status" -eq 4 ] || {
        echo "$file: export ended with $status, 4 expected" >&2
        exit 1
    }
done

command -v xmllint >/dev/null || {
    echo "skipped: no xmllint (Debian: libxml2-utils)"
    exit 77
}
xmllint --nonet --noout --schema tests/cap/export.xsd "$folder"/*.xml \
    2>"$folder/verdicts" || {
    grep -v ' validates$' "$folder/verdicts" >&2
    exit 1
}
echo "$count exports are valid CAP 1.2"
