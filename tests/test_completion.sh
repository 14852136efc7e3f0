#!/bin/bash
# What bash, zsh and fish complete of both programs, by the scripts that are
# installed: commands, flags, values, files, and ids of the outbox, screens of
# the inventory and templates. A shell that is not installed is left out.
set -u
bin=$(cd "$1" && pwd)
scripts=$bin/../completions
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0
export PATH=$bin:$PATH HOME=$folder
cd "$folder" || exit 1

# An operator with a configuration, an inventory and messages that wait.
cat >config.conf <<END
[publisher]
org = erqi
sender = 二七区气象台
key = $folder/keys/gaoshi.pem
state = $folder/state/outbox.db
inventory = $folder/screens.csv
[broker]
address = mqtt://127.0.0.1:9
END
mkdir -p .config/gaoshi
cp config.conf .config/gaoshi/publish.conf
printf 'id,place\nlobby-1,政务大厅\nlobby-2,车站\n' >screens.csv
gaoshi-publish keys new --out keys >/dev/null || failed=1
gaoshi-publish panel push --kind notice --id gas-check --title '燃气入户检查' \
    --text '明天上午。' --until +2h --timeout 1 >log 2>&1
gaoshi-publish alert raise --template flood --level yellow --id flood-erqi \
    --yes --timeout 1 >>log 2>&1
gaoshi-publish figures set river=3.4 --with-waiting --timeout 1 >>log 2>&1
[ "$(gaoshi-publish outbox list | wc -l)" = 4 ] || { cat log; failed=1; }
printf 'a-long-password\n' | gaoshi-publish console account add wang \
    --role alerts >>log || failed=1
touch flood.json 'a picture.json'
gaoshi-publish provision town town --org erqi --host localhost --operator li \
    </dev/null >>log 2>&1 &&
    gaoshi-publish provision screen lobby-1 --town town --area 410103001001 \
        >>log 2>&1 || { cat log; failed=1; }

# LINE|WHAT MUST BE OFFERED|WHAT MUST NOT
cat >cases <<'END'
gaoshi-publish al|alert|panel
gaoshi-publish alert ra|raise|update
gaoshi-publish screens |show|
gaoshi-publish alert raise --head|--headline|--help
gaoshi-publish alert raise --template fl|flood|fog
gaoshi-publish alert raise --level |orange|
gaoshi-publish alert cancel |flood-erqi|gas-check
gaoshi-publish alert cancel --config config.conf fl|flood-erqi|
gaoshi-publish cap export fl|flood-erqi|
gaoshi-publish cap export fl|flood.json|
gaoshi-publish panel update g|gas-check|flood-erqi
gaoshi-publish panel remove |gas-check|flood-erqi
gaoshi-publish panel push fl|flood.json|
gaoshi-publish panel push --key fl|flood.json|
gaoshi-publish panel push --broker mqtt://a --wait|--wait-shown|
gaoshi-publish panel new --kind fig|figures|notice
gaoshi-publish outbox drop |gas-check|
gaoshi-publish figures set ri|river=|
gaoshi-publish status |flood-erqi|
gaoshi-publish provision renew --town town |operator-li|localhost
gaoshi-publish provision renew --town town |broker|lobby-1.tar
gaoshi-publish provision renew --town town lo|lobby-1|
gaoshi-publish provision revoke --ca town/ca op|operator-li|
gaoshi-publish provision revoke --town town |localhost|broker
gaoshi-publish command lobby-1 screenshot --ou|--out|
gaoshi-publish command lo|lobby-2|
gaoshi-publish console account re|remove|list
gaoshi-publish console account remove |wang|lobby-1
gaoshi-publish console account add wang --role al|alerts|panels
gaoshi-publish command lobby-1 scr|screenshot|reload
gaoshi-publish plays --screen lobby-|lobby-1|
gaoshi-publish screens show |lobby-2|
gaoshi-publish heartbeat --ev|--every|
gaoshi-display re|render|fonts
gaoshi-display --win|--windowed|
gaoshi-display render --motion re|reduced|full
gaoshi-display render x.json --draw|--draw-list|
gaoshi-display fonts --mis|--missing|
END

# expect SHELL LINE OFFERED(one a line) MUST NOT
expect() {
    grep -qxF -- "$4" <<<"$3" &&
        { [ -z "$5" ] || ! grep -qxF -- "$5" <<<"$3"; } && return
    printf 'FAILED: %s: "%s": expected %s%s, got: %s\n' "$1" "$2" "$4" \
        "${5:+ and not $5}" "$(tr '\n' ' ' <<<"$3")"
    failed=1
}

in_bash() {
    local line=$1
    read -ra COMP_WORDS <<<"$line"
    [[ $line != *' ' ]] || COMP_WORDS+=('')
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    "_${COMP_WORDS[0]}" "${COMP_WORDS[0]}"
    printf '%s\n' "${COMPREPLY[@]}"
}

in_fish() {
    fish --no-config -c "
        source '$scripts/gaoshi-display.fish'
        source '$scripts/gaoshi-publish.fish'
        complete -C '$1'" | cut -f 1
}

# A shell in a terminal of its own lists what compadd is given.
cat >zshrc <<'END'
zmodload zsh/zpty
zpty shell zsh -f -i
ask() { zpty -w shell "$1"; }
ask "PS1= PS2= RPS1=; unsetopt zle_bracketed_paste; fpath=($PWD/zsh \$fpath)"
ask "autoload -U compinit; compinit -u -D; zstyle ':completion:*' list-grouped no"
ask 'compadd() { local -a hits; builtin compadd -O hits "$@" 2>/dev/null; for w in "${hits[@]}"; do print -r -- "<hit>${(Q)w}" >>hits; done; builtin compadd "$@" }'
ask 'done-completing() { zle -I; print "ready" >>hits }; zle -N done-completing; bindkey "^X^D" done-completing'
ask 'bindkey "^I" complete-word; setopt no_beep; print "start" >>hits'
until grep -qs start hits; do zpty -r -t shell x; zselect -t 5 2>/dev/null; done
while IFS= read -r line; do
    rm -f hits
    zpty -w -n shell "$line"$'\t'$'\x18\x04'
    until grep -qs ready hits; do zpty -r -t shell x; zselect -t 5 2>/dev/null; done
    number=$((number + 1))
    sed -n 's/^<hit>//p' hits >"answer-$number"
    zpty -w -n shell $'\x15'
done <lines
zpty -d shell
END

cut -d '|' -f 1 cases >lines
for program in gaoshi-display gaoshi-publish; do
    . "$scripts/$program.bash" || failed=1
    complete -p "$program" >/dev/null || failed=1
done
zsh= fish=
command -v fish >/dev/null && fish=1
if command -v zsh >/dev/null; then
    zsh=1
    mkdir zsh
    for program in gaoshi-display gaoshi-publish; do
        cp "$scripts/$program.zsh" "zsh/_$program"
    done
    zsh -f -c 'zmodload zsh/zselect; . ./zshrc' || failed=1
fi
number=0
while IFS='|' read -r line wanted unwanted; do
    number=$((number + 1))
    expect bash "$line" "$(in_bash "$line")" "$wanted" "$unwanted"
    [ -z "$fish" ] || expect fish "$line" "$(in_fish "$line")" "$wanted" "$unwanted"
    [ -z "$zsh" ] || expect zsh "$line" "$(cat "answer-$number")" "$wanted" "$unwanted"
done <cases

# bash parts --flag=value at the sign; the others do not.
COMP_WORDS=(gaoshi-publish alert raise --level = re) COMP_CWORD=5
_gaoshi-publish gaoshi-publish
expect bash '--level=re' "$(printf '%s\n' "${COMPREPLY[@]}")" red ''
[ -z "$fish" ] || expect fish '--level=re' \
    "$(in_fish 'gaoshi-publish alert raise --level=re')" --level=red ''

# Without a configuration nothing is offered, and nothing is complained of.
rm -rf .config
said=$(gaoshi-publish --complete panel remove '' 2>&1)
[ -z "$said" ] || { echo "FAILED: $said"; failed=1; }

exit $failed
