#!/bin/bash
# From three packages to a screen on a broker with TLS, as docs/operations.md tells
# it: eight commands, no file edited. In a network of its own, on the ports that the
# shipped configuration of mosquitto has.
# usage: test_town.sh BIN
set -eu
bin=$(cd "$1" && pwd)
if [ "${GAOSHI_ALONE-}" != yes ]; then
    for way in 'unshare --net' 'unshare --net --map-root-user'; do
        $way true 2>/dev/null || continue
        # shellcheck disable=SC2086
        GAOSHI_ALONE=yes exec $way "$0" "$1"
    done
    echo 'skipped: this machine allows no network namespace (unshare --net)'
    exit 77
fi
ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null ||
    { echo 'skipped: no program ip or ifconfig for the loopback'; exit 77; }

source=$PWD
folder=$(mktemp -d)
pids=''
finish() {
    for pid in $pids; do kill "$pid" 2>/dev/null || true; done
    wait
    rm -rf "$folder"
}
trap finish EXIT
cd "$folder"
export HOME=$folder PATH=$bin:$PATH TMPDIR=$folder
unset XDG_CONFIG_HOME XDG_STATE_HOME

fail() {
    echo "FAILED: $*"
    tail -n 20 "$folder"/*.log 2>/dev/null
    exit 1
}
# says TEXT COMMAND…: the command fails and says so.
says() {
    local text=$1
    shift
    ! "$@" >said.log 2>&1 </dev/null || fail "accepted: $*"
    grep -qF -- "$text" said.log || fail "«$*» does not say «$text»"
}
await() {
    local end=$((SECONDS + 60))
    while [ $SECONDS -lt $end ]; do
        "$@" >/dev/null 2>&1 && return
        sleep 0.1
    done
    fail "waited too long for: $*"
}

# 1 and 2: the town and its first screen.
gaoshi-publish provision town town --org erqi --host localhost --operator li \
    --scope area-410103 --sender 二七区气象局 >made.log </dev/null
gaoshi-publish provision screen lobby-1 --town town --area 410103001001 \
    --group halls --place 政务大厅 >>made.log
for file in broker li lobby-1; do
    [ "$(stat -c %a town/$file.tar)" = 600 ] || fail "others may read town/$file.tar"
done
grep -q '^lobby-1,政务大厅,410103001001,halls,' town/screens.csv ||
    fail 'the screen is not in the inventory'

# A folder that is there is left alone; without a terminal nobody is asked.
says 'expected a folder that is not there yet' gaoshi-publish provision town town --org x
says '--org is missing' gaoshi-publish provision town other
says "--org 'A b'" gaoshi-publish provision town other --org 'A b' --host h --operator li
[ ! -e other ] || fail 'a town that was refused left a folder'

# On a terminal it asks, again where the answer is wrong, and locks the root key.
(
    for answer in 'no such' xincheng broker.example.org zhao '' 新城区 yes secret secret; do
        sleep 0.5
        printf '%s\n' "$answer"
    done
) | script -qec 'gaoshi-publish provision town asked' typed.log >/dev/null ||
    fail 'the town that was asked for was not made'
grep -q "'no such': expected a-z" typed.log || fail 'a wrong answer was not told'
grep -q 'ENCRYPTED' asked/root/root.pem || fail 'the root key is not locked'
grep -q 'mqtts://broker.example.org:8884' asked/operators/zhao/publish.conf &&
    grep -qx 'sender = 新城区' asked/operators/zhao/publish.conf ||
    fail 'the answers are not in the files'

# 3: the broker. Its configuration names /etc/mosquitto, which is elsewhere here.
mkdir -p root/etc/mosquitto/conf.d
export GAOSHI_ROOT=$folder/root
"$source/packaging/mosquitto/setup" town/broker.tar >broker.log
says 'it has no crl.pem' "$source/packaging/mosquitto/setup" town/li.tar
[ "$(stat -c %a root/etc/mosquitto/gaoshi/broker.key)" = 600 ] ||
    fail "others may read the broker's key"
start_broker() {
    {
        printf 'persistence_location %s/\nuser %s\n' "$folder" "$(id -un)"
        sed "s|/etc/mosquitto|$GAOSHI_ROOT/etc/mosquitto|
            s|^listener .*|& 127.0.0.1|" root/etc/mosquitto/conf.d/gaoshi.conf
    } >mosquitto.conf
    mosquitto -c mosquitto.conf >mosquitto.log 2>&1 &
    broker=$!
    pids="$pids $broker"
    await bash -c 'exec 3<>/dev/tcp/127.0.0.1/8884'
}
restart_broker() {
    kill "$broker"
    wait "$broker" || true
    start_broker
}
start_broker

# 4: the screen.
says 'it is for an operator' gaoshi-display setup town/li.tar --into etc
says 'expected a tar file' gaoshi-display setup mosquitto.conf --into etc
says 'rotation' gaoshi-display setup town/lobby-1.tar --into etc --rotation 45
[ ! -e etc ] || fail 'a setup that was refused wrote files'
gaoshi-display setup town/lobby-1.tar --into etc --card no --place 政务大厅 \
    --height-mm 680 --viewing-distance 8 --rotation 0 >screen.log 2>&1 </dev/null ||
    fail 'the setup of the screen failed'
grep -q 'the configuration is good' screen.log || fail 'the setup checked nothing'
for line in 'name = 政务大厅' 'height_mm = 680' 'viewing_distance_m = 8.000'; do
    grep -qxF "$line" etc/display.conf || fail "no «$line» in display.conf"
done
[ "$(stat -c %a etc/screen.key)" = 600 ] || fail "others may read the screen's key"
gaoshi-publish provision screen lobby-2 --town town --area 410103001001 >>made.log
says "this machine is the screen 'lobby-1' already" \
    gaoshi-display setup town/lobby-2.tar --into etc
# Once more, with another distance: what was answered and edited stays.
sed -i 's/^rotation = 0/&\ntheme = day/' etc/display.conf
gaoshi-display setup town/lobby-1.tar --into etc --card no --viewing-distance 12 \
    </dev/null >screen.log 2>&1
for line in 'name = 政务大厅' 'height_mm = 680' 'viewing_distance_m = 12.000' 'theme = day'; do
    grep -qxF "$line" etc/display.conf || fail "the second setup lost «$line»"
done

# The test card stands on the glass.
gaoshi-display card --config etc/display.conf --data "$source" --headless 640x360 \
    --out card.png
[ -s card.png ] || fail 'no test card'

start_screen() {
    gaoshi-display --config etc/display.conf --data "$source" --headless 1280x720 \
        --store "$folder/display.db" --seconds 120 >display.log 2>&1 &
    screen=$!
    pids="$pids $screen"
}
start_screen

# 5: the operator, and 6: a panel that the screen shows.
says 'it is for a screen' gaoshi-publish setup town/lobby-1.tar
gaoshi-publish setup town/li.tar >operator.log 2>&1 || fail 'the setup of the operator failed'
[ "$(stat -c %a .config/gaoshi/gaoshi.pem)" = 600 ] || fail "others may read the operator's key"
push() {
    gaoshi-publish panel push "$source/data/erqi/q05-built-up-area.json" \
        --wait-shown 1 --timeout 60 "$@" >push.log 2>&1
}
push || fail 'the panel was not shown'

# A second operator: the broker learns of it, and the screens by the list.
gaoshi-publish provision operator wang --town town --role panels >>made.log
"$source/packaging/mosquitto/setup" town/broker.tar >broker.log
restart_broker
gaoshi-publish setup town/wang.tar --into wang >operator.log 2>&1 ||
    fail 'the setup of the second operator failed'
await push --config wang/publish.conf --state wang/outbox.db --scope area-410103

# A new version of the program waits until no alert stands.
raise() {
    gaoshi-publish alert "$@" --wait-shown 1 --timeout 60 >alert.log 2>&1 ||
        { cat alert.log; fail "alert $1"; }
}
raise raise --template 暴雨 --level 黄色 --id rain --data "$source"
kill -USR1 "$screen"
await grep -q 'ends when no alert stands' display.log
raise update rain --headline 雨还在下 --data "$source"
kill -0 "$screen" || fail 'the display left an alert'
raise cancel rain --reason 雨停了
wait "$screen" || fail 'the display did not end well'
start_screen
await grep -q 'the line is up' display.log

# New certificates: the old ones count until they end.
serial() { openssl x509 -in "$1" -noout -serial; }
serial etc/screen.pem >before
for name in lobby-1 operator-li broker; do
    gaoshi-publish provision renew "$name" --town town >>made.log
done
says 'expected the name of a screen' gaoshi-publish provision renew ../x --town town
says 'no certificate' gaoshi-publish provision renew lobby-9 --town town
"$source/packaging/mosquitto/setup" town/broker.tar >broker.log
restart_broker
cp -r etc old
gaoshi-display setup town/lobby-1.tar --into etc --card no </dev/null >screen.log 2>&1 ||
    fail 'the renewed screen is not good'
serial etc/screen.pem | cmp -s - before && fail 'the certificate is not renewed'
grep -q 'the configuration is good' screen.log
gaoshi-display --check-config --config old/display.conf >screen.log ||
    fail 'the old certificate is not good any more'

# A stolen screen: the broker lets it in no more.
gaoshi-publish provision revoke lobby-1 --town town >>made.log
"$source/packaging/mosquitto/setup" town/broker.tar >broker.log
restart_broker
await grep -q 'revoked' display.log
for copy in etc old; do
    says 'revoked' gaoshi-display --check-config --config $copy/display.conf
done
echo 'six commands made a screen of a town'
