#!/bin/bash
# The commands of docs/operations.md and docs/provisioning.md that provision and
# revoke run as they stand there; every command, flag and file that it names exists.
set -eu
bin=$(cd "$1" && pwd)
source=$PWD
guide=$PWD/docs/operations.md
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
PATH=$bin:$PATH
cd "$folder"

steps=$source/docs/provisioning.md
# block PAGE HEADING: the first block of commands below it.
block() {
    awk -v heading="$2" '$0 == heading { below = 1 }
        below && /^```/ { if (inside) exit; inside = 1; next }
        inside' "$1"
}

# What a person types at the prompt stands in a file here.
(umask 077 && echo secret >phrase)
unlock() {
    sed 's|--lock|--lock --pass-phrase-file phrase|
        s|--root root/root.pem|& --pass-phrase-file phrase|'
}

block "$steps" '## Authority, keys, bundles' | unlock >provision
[ "$(grep -c '^gaoshi-' provision)" -eq 8 ] ||
    { echo 'FAILED: the guide has other commands'; exit 1; }
sh -e provision
openssl verify -CAfile ca/ca.pem broker/broker.pem lobby-1/screen.pem \
    li/operator.pem
block "$steps" '## A certificate was lost or stolen' >revoke
sh -e revoke
if openssl verify -CAfile ca/ca.pem -crl_check -CRLfile ca/crl.pem \
    lobby-1/screen.pem 2>/dev/null; then
    echo 'FAILED: a revoked screen is still good'
    exit 1
fi

# The key of the guide is Li's here.
gaoshi-publish keys new --out new >/dev/null
id=$(openssl pkey -pubin -in li/gaoshi.pub.pem -outform DER | sha256sum |
    cut -c 1-16)
block "$guide" '## A signing key was lost, stolen or is old' | unlock |
    sed "s/3f3c2416a0ab0a78/$id/" >keys
grep rotate keys >rotate
sed -i /rotate/d keys
sh -e rotate
sh -e keys
gaoshi-publish keys list root/keys.gaoshi --root root/root.pub.pem >listed
grep -q "^$id  revoked" listed && grep -q '  good ' listed ||
    { echo 'FAILED: the key was not revoked'; cat listed; exit 1; }

# What the troubles are called there is what the programs say.
cat "$source"/protocol/link/*.c | tr -d '"\n' | tr -s ' ' >says
for text in 'is not signed by the CA in' 'certificate expired on' \
    'clock of this machine right?' 'asks for a certificate of ours' \
    'our certificate is revoked'; do
    grep -qF "$text" says || { echo "FAILED: nobody says «$text»"; exit 1; }
done

store=$(sed -n '/^\[store\]/,$s|^path = .*/||p' lobby-1/display.conf)
failed=0
wrong() {
    echo "FAILED: $*"
    failed=1
}

# Code, a piece a line: what stands in blocks, without comments and with long
# lines joined, and between backticks.
code() {
    awk '/^```/ { inside = !inside; next } inside' "$1" | sed -e :a -e '/\\$/N; s/\\\n//; ta' |
        sed 's/ *#.*//'
    awk '/^```/ { inside = !inside; next } !inside' "$1" | tr '\n' ' ' |
        grep -o '`[^`]*`' | tr -d '`' | sed 's/ *#.*//'
}

# check_flags HELP WORDS…: each flag among the words is told by the help.
check_flags() {
    local help=$1 word
    shift
    for word in "$@"; do
        case $word in --?*)
            grep -qE -- "^ +(${word%%=*})( |\$)" <<<"$help" || wrong "no flag $word in: $*" ;;
        esac
    done
}

gaoshi-publish --help | sed -n 's/^  \([a-z]*\( [a-z][a-z]*\)\?\) .*/\1/p' >commands
publish_words() {
    local name=$1
    ! grep -qx "$1 ${2-}" commands || name="$1 $2"
    [ $# -gt 1 ] || ! grep -q "^$1 " commands || return 0 # a group of commands
    grep -qx "$name" commands ||
        { wrong "gaoshi-publish has no command '$1 ${2-}'"; return 0; }
    # shellcheck disable=SC2086
    check_flags "$(gaoshi-publish $name --help)" "$@"
}

for page in "$guide" "$steps" "$source/README.md" "$source/README.zh-CN.md" \
    "$source/CONTRIBUTING.md" "$source/data/README.md" \
    "$source"/docs/{alerts,boards,cap,monitoring,panels,rehearsal,scale,security}.md; do
    code "$page" >pieces
    while read -r line; do
        read -ra words <<<"$line"
        case ${words[0]-} in
        gaoshi-publish | build/bin/gaoshi-publish)
            [ ${#words[@]} -lt 2 ] || publish_words "${words[@]:1}" ;;
        gaoshi-display | build/bin/gaoshi-display)
            case ${words[1]-} in
            '') ;;
            --*) check_flags "$(gaoshi-display --help)" "${words[@]:1}" ;;
            *) check_flags "$(gaoshi-display "${words[1]}" --help)" "${words[@]:1}" ;;
            esac ;;
        panel | alert | keys | provision | heartbeat | cap)
            [ ${#words[@]} -lt 2 ] || publish_words "${words[@]}" ;;
        esac
    done <pieces
    # Files: what was made above, what the repository or its package has, what
    # the programs write.
    grep -oE '[A-Za-z0-9_~./*-]*[A-Za-z0-9_*-]+\.(pem|conf|key|acl|gaoshi|db[.a-z-]*|tsv|deb|ini|[15])\b' \
        pieces | sort -u >names
    while read -r name; do
        base=${name##*/}
        case $base in
        *'*'* | [0-9]*.[0-9]) continue ;;
        "$store".*) base=${base#"$store"} ;; # what the program puts behind it
        esac
        [ -z "$(find "$folder" "$source/packaging" "$source/fonts" "$source/data" \
            "$source/docs/man" -name "$base" -print -quit)" ] || continue
        [ ! -e "$source/docs/man/$base.scd" ] && [ ! -e "$source/$name" ] || continue
        grep -rqF -- "$base" "$source"/display/edge "$source/publisher" \
            "$source/tests/soak" "$source/packaging" "$source/docs/man" ||
            wrong "${page##*/} names the file '$name', which nobody makes"
    done <names
done
for name in display.1 display.conf.5 publish.1; do
    grep -q "build/gaoshi-$name" "$source/README.md" ||
        wrong "the README does not name build/gaoshi-$name"
done
exit $failed
