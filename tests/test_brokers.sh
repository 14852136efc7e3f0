#!/bin/bash
# The same alerts through the brokers of packaging/brokers: a sub-district's broker
# behind a bridge, and three nodes of NATS, one of which is killed while alerts flow.
# Every screen shows each alert exactly once, and says so to the operator.
#
#   tests/test_brokers.sh BIN [bridge|nats]…
set -u
bin=$(cd "$1" && pwd) || exit 2
shift
parts=${*:-bridge nats}
brokers=$PWD/packaging/brokers
folder=$(mktemp -d)
pids='' fleet=''
finish() {
    exec 9>&-
    for pid in $fleet $pids $(cat "$folder/node-1.pid"); do kill -9 "$pid"; done
    wait
    rm -rf "$folder"
} 2>/dev/null
trap finish EXIT
fail() {
    echo "FAILED: $*"
    tail -n 20 "$folder"/*.log
    exit 1
}
started() {
    pids="$pids $1"
}

export HOME=$folder
publish() { "$bin/gaoshi-publish" "$@"; }
{
    publish keys new --out "$folder" && publish provision ca --out "$folder/ca" --org erqi &&
        publish provision broker localhost --ca "$folder/ca" --out "$folder/broker" &&
        for name in li bridge-1; do
            publish provision operator $name --broker mqtts://localhost:8884 \
                --ca "$folder/ca" --root "$folder/gaoshi.pub.pem" --out "$folder/$name" ||
                exit 1
        done
} >"$folder/said.log" 2>&1 || fail "no certificates"
tls="--ca $folder/li/ca.pem --cert $folder/li/operator.pem"

# Free ports: nobody listens there now.
next=$((20000 + RANDOM % 10000))
free_port() {
    while (exec 3<>"/dev/tcp/127.0.0.1/$next") 2>/dev/null; do next=$((next + 1)); done
    port=$next
    next=$((next + 1))
}
await() {
    local end=$((SECONDS + 180))
    while [ $SECONDS -lt $end ]; do
        "$@" && return
        sleep 0.1
    done
    fail "waited too long for: $*"
}
said() { grep -q "$1" "$2"; }

# start_screens N VERSION PORT…: so many screens, s-1 and so on, and a real one,
# hall-1, on one of these ports each; MQTT as the configuration of a screen names it.
start_screens() {
    count=$1
    local version=$2 line='' address=''
    shift 2
    for port in "$@"; do
        line="$line --port $port"
        address="$address mqtts://localhost:$port"
    done
    {
        echo id,area
        for ((i = 1; i <= count; i++)); do
            printf 's-%d,4101%02d%03d%03d\n' $i $((i % 12 + 1)) $((i % 7 + 1)) $((i % 11 + 1))
        done
        echo hall-1,410103001002
    } >"$folder/screens.csv"
    rm -rf "$folder/end" "$folder/record"
    mkfifo "$folder/end"
    exec 9<>"$folder/end"
    "$bin/fleet" $line --trust "$folder/gaoshi.pub.pem" --screens "$count" $tls \
        --key "$folder/li/operator.key" <"$folder/end" 2>"$folder/fleet.log" 9>&- &
    fleet=$!
    {
        echo '[broker]'
        echo "address =$address"
        echo "ca = $folder/li/ca.pem"
        echo "cert = $folder/li/operator.pem"
        echo "key = $folder/li/operator.key"
        echo "mqtt_version = $version"
    } >"$folder/display.conf"
    "$bin/gaoshi-display" --config "$folder/display.conf" --org erqi --screen hall-1 \
        --area 410103001002 --trust "$folder/gaoshi.pub.pem" --headless 320x180 --store '' \
        --show-drills --record "$folder/record" >"$folder/display.log" 2>&1 9>&- &
    display=$!
    started $display
    await said '^ready' "$folder/fleet.log"
    await said 'the line is up' "$folder/display.log"
}

# Raises alert N, and cancels it when the last screen says that it shows it. A screen
# whose line is just away is not waited for, so its state is asked for.
alert() {
    local number=$1
    shift
    publish alert raise --template flood --level red --sender x --status exercise \
        --id "flood-$number" --wait 60s --min-shown 0% "$@" >"$folder/said.log" 2>&1 ||
        fail "flood-$number: raise"
    await is_shown "$number" "$@"
    publish alert cancel "flood-$number" "$@" >"$folder/said.log" 2>&1 ||
        fail "flood-$number: cancel"
}
is_shown() {
    local number=$1
    shift
    publish status "flood-$number" "$@" >"$folder/status.log" 2>&1
    said "^flood-$number shown on $((count + 1)) of $((count + 1)) " "$folder/status.log"
}

# Screens end; each showed every one of N alerts, once.
end_screens() {
    local alerts=$1 id shown
    exec 9>&-
    wait "$fleet"
    fleet=''
    kill "$display"
    wait "$display"
    said "alerts shown $((count * alerts)), shown again 0\$" "$folder/fleet.log" ||
        fail "$(grep 'alerts shown' "$folder/fleet.log")"
    for ((id = 1; id <= alerts; id++)); do
        shown=$(grep -c "\"shown\",\"kind\":\"alert\",\"id\":\"flood-$id\"" \
            "$folder/record/journal.jsonl")
        [ "$shown" -eq 1 ] || fail "hall-1 showed flood-$id $shown times"
    done
}

start_mosquitto() { # NAME, whose configuration stands in NAME.conf
    mkdir -p "$folder/$1"
    mosquitto -c "$folder/$1.conf" >"$folder/$1.log" 2>&1 9>&- &
    started $!
    await said running "$folder/$1.log"
}

write_mosquitto() { # NAME PORT
    cat <<END
user $(id -un)
persistence true
persistence_location $folder/$1/
max_queued_messages 20000
max_inflight_messages 1000
set_tcp_nodelay true
allow_anonymous false
listener $2 127.0.0.1
cafile $folder/broker/ca.pem
certfile $folder/broker/broker.pem
keyfile $folder/broker/broker.key
require_certificate true
use_identity_as_username true
tls_version tlsv1.2
END
}

test_bridge() {
    free_port
    local city=$port
    free_port
    local district=$port
    {
        write_mosquitto city "$city"
        echo "acl_file $folder/city.acl"
    } >"$folder/city.conf"
    cat "$folder/broker/operators.acl" "$folder/li/broker.acl" "$brokers/bridge.acl" \
        >"$folder/city.acl"
    {
        write_mosquitto district "$district"
        sed -e "s|city.example.org:8884|localhost:$city|" \
            -e "s|/etc/mosquitto/gaoshi/city-ca.pem|$folder/li/ca.pem|" \
            -e "s|/etc/mosquitto/gaoshi/bridge.pem|$folder/bridge-1/operator.pem|" \
            -e "s|/etc/mosquitto/gaoshi/bridge.key|$folder/bridge-1/operator.key|" \
            "$brokers/bridge.conf"
    } >"$folder/district.conf"
    start_mosquitto city
    start_mosquitto district
    start_screens 24 5 "$district"
    local line="--org erqi --key $folder/gaoshi.pem --broker mqtts://localhost:$city $tls"
    line="$line --cert-key $folder/li/operator.key --inventory $folder/screens.csv"
    alert 1 $line
    alert 2 $line
    # The city's broker knows what its screens say, and hears nothing else of a
    # sub-district.
    alert 3 --state "$folder/other.db" ${line/$city/$district}
    publish screens $line >"$folder/screens.log" 2>&1 ||
        fail "not all screens are up at the city's broker"
    local heard
    heard=$(mosquitto_sub -h localhost -p "$city" --cafile "$folder/li/ca.pem" \
        --cert "$folder/li/operator.pem" --key "$folder/li/operator.key" \
        -i gaoshi-trial -W 2 -F %t -t 'gaoshi/1/erqi/down/all/alert/+')
    [[ $heard = *flood-2* && $heard != *flood-3* ]] || fail "the city has: $heard"
    end_screens 3
}

start_node() { # N: 1 to 3
    local hosts=''
    for ((i = 1; i <= 3; i++)); do
        hosts="$hosts -e s|node-$i.example.org:6222|127.0.0.1:${cluster[$i]}|"
    done
    sed -e "s|server_name: node-1|server_name: node-$1|" -e "s|127.0.0.1:4222|127.0.0.1:${plain[$1]}|" \
        -e "s|0.0.0.0:6222|127.0.0.1:${cluster[$1]}|" -e "s|0.0.0.0:8883|127.0.0.1:${nodes[$1]}|" \
        -e "s|/var/lib/nats|$folder/node-$1|" -e "s|/etc/nats/gaoshi|$folder/broker|" \
        $hosts "$brokers/nats.conf" >"$folder/node-$1.conf"
    nats-server -c "$folder/node-$1.conf" >>"$folder/node-$1.log" 2>&1 9>&- &
    node[$1]=$!
    started ${node[$1]}
}

answers() { # PORT: somebody takes a message there and gives it back
    mosquitto_pub -h localhost -p "$1" --cafile "$folder/li/ca.pem" \
        --cert "$folder/li/operator.pem" --key "$folder/li/operator.key" \
        -i "gaoshi-trial-$1" -q 1 -t "trial/$1" -m x 2>/dev/null
}

test_nats() {
    nodes=() cluster=() plain=() node=()
    for ((n = 1; n <= 3; n++)); do
        free_port; nodes[$n]=$port
        free_port; cluster[$n]=$port
        free_port; plain[$n]=$port
    done
    for ((n = 1; n <= 3; n++)); do start_node $n; done
    for ((n = 1; n <= 3; n++)); do await answers "${nodes[$n]}"; done
    start_screens 5 3.1.1 "${nodes[@]}"
    local line="--org erqi --key $folder/gaoshi.pem $tls --mqtt 4 --timeout 120"
    line="$line --cert-key $folder/li/operator.key --inventory $folder/screens.csv"
    for ((n = 1; n <= 3; n++)); do line="$line --broker mqtts://localhost:${nodes[$n]}"; done
    # Its ticks tell screens that a node lost a subscription of theirs.
    "$bin/gaoshi-publish" heartbeat --every 2 $line >"$folder/heartbeat.log" 2>&1 9>&- &
    started $!
    alert 1 $line
    # Alerts flow on while the operator's node dies; its service starts it again.
    (
        sleep 0.5
        kill -9 "${node[1]}"
        sleep 3
        start_node 1
        echo "${node[1]}" >"$folder/node-1.pid"
        wait "${node[1]}"
    ) &
    started $!
    for ((n = 2; n <= 3; n++)); do alert $n $line; done
    kill -9 "$(cat "$folder/node-1.pid")"
    end_screens 3
}

for part in $parts; do test_$part; done
