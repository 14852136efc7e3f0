#!/bin/bash
# The .deb is made, holds what a screen needs, and its programs run from
# where they were unpacked.
set -eu
build=$(cd "$1/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
root=$folder/root

for tool in cpack dpkg-deb dpkg-shlibdeps; do
    command -v "$tool" >/dev/null || { echo "skipped: no $tool"; exit 77; }
done
grep -q 'fsanitize\|--coverage' "$build/CMakeCache.txt" &&
    { echo 'skipped: packages are made of release builds'; exit 77; }

(cd "$build" && cpack -G DEB -B "$folder/made") >"$folder/log" 2>&1 ||
    { cat "$folder/log"; exit 1; }
package=$(echo "$folder"/made/gaoshi_*.deb)
dpkg-deb -x "$package" "$root"
dpkg-deb -I "$package" | grep -q 'Depends: .*libsdl2'
dpkg-deb -e "$package" "$folder/control"
for script in postinst prerm postrm; do
    sh -n "$folder/control/$script"
done

for file in bin/gaoshi-display bin/gaoshi-publish share/gaoshi/data/themes \
    share/gaoshi/fonts/chain.ini share/gaoshi/mosquitto/gaoshi.conf \
    lib/systemd/system/gaoshi-display.service lib/systemd/user/gaoshi-heartbeat.service \
    lib/sysusers.d/gaoshi.conf share/doc/gaoshi/copyright \
    share/bash-completion/completions/gaoshi-publish; do
    [ -e "$root/usr/$file" ] || { echo "FAILED: no /usr/$file"; exit 1; }
done

# Data and fonts are found beside the programs.
"$root/usr/bin/gaoshi-publish" keys new --out "$folder/keys" >/dev/null
printf '[screen]\norg = erqi\nid = lobby\n[broker]\naddress = mqtt://h:1\n[trust]\npanels = keys/gaoshi.pub.pem\n' \
    >"$folder/display.conf"
"$root/usr/bin/gaoshi-display" --check-config --config "$folder/display.conf"
"$root/usr/bin/gaoshi-display" render --size 640x360 --out "$folder/x.png" \
    "$root"/usr/share/gaoshi/data/erqi/q05-built-up-area.json
[ -s "$folder/x.png" ]

# The display asks the kernel whether the clock is synchronised; a call that the
# unit does not allow would kill it.
grep -q '^SystemCallFilter=.*\<clock_adjtime\>' \
    "$root/usr/lib/systemd/system/gaoshi-display.service" ||
    { echo 'FAILED: the unit does not allow clock_adjtime'; exit 1; }
! grep -q '^ProtectClock=yes' \
    "$root/usr/lib/systemd/system/gaoshi-display.service" ||
    { echo 'FAILED: ProtectClock= forbids clock_adjtime'; exit 1; }

# The units say nothing that systemd does not know.
if command -v systemd-analyze >/dev/null; then
    for unit in system/gaoshi-display.service user/gaoshi-heartbeat.service; do
        sed "s|=/usr/bin/|=$root/usr/bin/|; /^Documentation/d" \
            "$root/usr/lib/systemd/$unit" >"$folder/${unit#*/}"
        said=$(systemd-analyze verify --man=no "$folder/${unit#*/}" 2>&1 |
            grep gaoshi || true)
        [ -z "$said" ] || { echo "FAILED: $said"; exit 1; }
    done
fi

# Installed, upgraded, removed and purged by dpkg, into a root of its own; what the
# scripts ask of the service manager is noted instead.
system=$folder/system
mkdir -p "$folder/stubs" "$system/run/systemd/system" "$system/etc" \
    "$system/var/lib/dpkg/info" "$system/var/lib/dpkg/updates"
touch "$system/var/lib/dpkg/status"
printf 'root:x:0:0::/root:/bin/sh\n' >"$system/etc/passwd"
printf 'root:x:0:\n' >"$system/etc/group"
cat >"$folder/stubs/systemctl" <<EOF
#!/bin/sh
echo "\$*" >>"$folder/asked"
case "\$*" in
*list-units*) echo 'user@1000.service loaded active running' ;;
*'is-active gaoshi-beat.service') [ -e "$folder/beats" ] ;;
esac
EOF
chmod +x "$folder/stubs/systemctl"
pack() {
    : >"$folder/asked"
    PATH=$folder/stubs:$PATH dpkg --root="$system" --force-script-chrootless \
        --force-depends --force-not-root --log=/dev/null "$@" >"$folder/log" 2>&1 ||
        { cat "$folder/log"; exit 1; }
}
asked() {
    grep -qxF -- "$1" "$folder/asked" ||
        { echo "FAILED: «systemctl $1» was not asked, but:"; cat "$folder/asked"; exit 1; }
}
gone() {
    for path in "$@"; do
        [ ! -e "$system/$path" ] && [ ! -L "$system/$path" ] ||
            { echo "FAILED: /$path stays"; exit 1; }
    done
}
pack --install "$package"
for group in video render input gaoshi; do
    grep -q "^$group:" "$system/etc/group" ||
        { echo "FAILED: no group $group"; exit 1; }
done
grep -q '^gaoshi:' "$system/etc/passwd" || { echo 'FAILED: no user'; exit 1; }

# What a technician and the screen leave behind.
wants=etc/systemd/system/multi-user.target.wants
mkdir -p "$system/etc/gaoshi" "$system/var/lib/gaoshi" "$system/$wants"
touch "$system/etc/gaoshi/display.conf" "$system/etc/gaoshi/screen.key" \
    "$system/var/lib/gaoshi/store.db"
ln -s /lib/systemd/system/gaoshi-display.service "$system/$wants/gaoshi-display.service"

pack --install "$package"
asked 'try-restart gaoshi-display.service'
asked '--user --machine 1000@ try-restart gaoshi-heartbeat.service'
! grep -q '^stop ' "$folder/asked" ||
    { echo 'FAILED: an upgrade darkens the screen'; exit 1; }

# From a version whose heartbeat was the service gaoshi-beat.
touch "$folder/beats"
pack --install "$package"
asked '--user --machine 1000@ disable --now gaoshi-beat.service'
asked '--user --machine 1000@ enable --now gaoshi-heartbeat.service'
rm "$folder/beats"

pack --remove gaoshi
asked 'stop gaoshi-display.service'
asked '--user --machine 1000@ stop gaoshi-heartbeat.service'
gone usr/bin/gaoshi-display usr/lib/systemd/system/gaoshi-display.service
[ -e "$system/etc/gaoshi/screen.key" ] ||
    { echo 'FAILED: removed is not purged'; exit 1; }

pack --purge gaoshi
gone etc/gaoshi var/lib/gaoshi "$wants/gaoshi-display.service"
! grep -q '^gaoshi:' "$system/etc/passwd" "$system/etc/group" ||
    { echo 'FAILED: the user stays'; exit 1; }
