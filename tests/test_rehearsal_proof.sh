#!/bin/bash
# What ./rehearse says of its drills: a journal that tells the whole story is
# proof, and each thing that may go wrong is told in a sentence of its own.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0

# came KIND ID [ABOVE ID]
came() {
    printf '{"event":"came","kind":"%s","id":"%s","page":1' "$1" "$2"
    [ $# -eq 2 ] || printf ',"above":"%s","above_id":"drill-flood-%s"' "$3" "$4"
    printf '}\n'
}

flood() {
    came "$1" "drill-flood-$2"
}

ended() {
    printf '{"event":"ended","kind":"alert","id":"drill-flood-%s",' "$1"
    printf '"reason":"cancelled"}\n'
}

# As the display wrote it: several full pages take turns, panels go on below.
tell_good() {
    printf '{"event":"came","kind":"plain","page":1}\n'
    came panel p1
    came panel p1 alert blue
    came panel p2 alert blue
    came panel p2 alert yellow
    flood alert orange
    flood alert red
    flood alert orange
    flood alert red
    ended red
    flood clear red
    flood alert orange
    ended orange
    flood clear orange
    came panel p2 alert yellow
    came panel p2 alert blue
    came panel p2 alert yellow
    ended yellow
    came panel p3 clear yellow
    came panel p3 alert blue
    ended blue
    came panel p3 clear blue
    came panel p4
}

# proof STATUS TEXT: ends with it and says so.
proof() {
    local said status=0
    said=$(tests/rehearsal_proof "$folder" 2>&1) || status=$?
    if [ "$status" -ne "$1" ] || [[ $said != *"$2"* ]]; then
        echo "FAILED: ended with $status, expected $1 and «$2»: $said"
        failed=1
    fi
}

# wrong TEXT COMMAND…: the good story through the command is no proof.
wrong() {
    local text=$1
    shift
    tell_good | "$@" >"$folder/journal.jsonl"
    proof 1 "$text"
}

gm convert -size 16x16 gradient:black-white "$folder/0001-panel-p1-1.png"
tell_good >"$folder/journal.jsonl"
printf '{"event":"half a li' >>"$folder/journal.jsonl"
proof 0 ''

wrong 'the flood grew' \
    sed 's/orange/RED/; s/red/orange/; s/RED/red/'
wrong 'the flood grew' grep -v '"above":"alert","above_id":"drill-flood-yellow"'
wrong 'the alerts ended' grep -v '"clear","above_id":"drill-flood-blue"'
wrong 'behind the 解除 of drill-flood-red: expected «alert drill-flood-orange»' \
    sed '12d'
wrong 'drill-flood-red came again' sed '12{p;s/orange/red/}'
wrong 'drill-flood-yellow was not ended' sed '/ended.*yellow/d'
wrong 'drill-flood-yellow was not ended' sed '/ended.*yellow/s/cancelled/expired/'
wrong 'alerts interrupted p2, behind them came p9' sed '15s/p2/p9/'
plain='{"event":"came","kind":"plain","page":1,"above":"alert","above_id":"drill-flood-yellow"}'
wrong 'alerts interrupted p2, behind them came the plain page' sed "15i $plain"
wrong 'no alert took the whole glass' sed -E \
    '/came/s/"(alert|clear)","id":("[a-z-]*")/"panel","id":"p2","above":"\1","above_id":\2/'
gm convert -size 16x16 xc:black "$folder/0002-alert-drill-flood-red-1.png"
tell_good >"$folder/journal.jsonl"
proof 1 'nothing stands on 0002-alert-drill-flood-red-1.png'
rm "$folder"/*.png
proof 1 'there are no pictures'
exit $failed
