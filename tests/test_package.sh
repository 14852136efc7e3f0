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
sh -n "$folder/control/postinst"

for file in bin/gaoshi-display bin/gaoshi-publish share/gaoshi/data/themes \
    share/gaoshi/fonts/chain.ini share/gaoshi/mosquitto/gaoshi.conf \
    lib/systemd/system/gaoshi-display.service lib/systemd/user/gaoshi-beat.service \
    lib/sysusers.d/gaoshi.conf; do
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
    for unit in system/gaoshi-display.service user/gaoshi-beat.service; do
        sed "s|=/usr/bin/|=$root/usr/bin/|; /^Documentation/d" \
            "$root/usr/lib/systemd/$unit" >"$folder/${unit#*/}"
        said=$(systemd-analyze verify --man=no "$folder/${unit#*/}" 2>&1 |
            grep gaoshi || true)
        [ -z "$said" ] || { echo "FAILED: $said"; exit 1; }
    done
fi
