#!/bin/bash
# Debian's packages are built as dpkg-buildpackage does, lintian has nothing to say,
# they hold what a screen and an operator need, their programs run from where they
# were unpacked, and dpkg installs, upgrades, removes and purges them. The folder of
# packages, when given, is taken as it is.
# usage: test_package.sh BIN [PACKAGES]
set -eu
build=$(cd "$1/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
root=$folder/root

for tool in dpkg-buildpackage dh lintian; do
    command -v "$tool" >/dev/null || { echo "skipped: no $tool"; exit 77; }
done
grep -q 'fsanitize\|--coverage' "$build/CMakeCache.txt" &&
    { echo 'skipped: packages are made of release builds'; exit 77; }

packages=${2-$folder}
if [ $# -lt 2 ]; then
    packaging/build-packages "$folder" >"$folder/log" 2>&1 ||
        { tail -n 40 "$folder/log"; exit 1; }
fi
display=$(echo "$packages"/gaoshi-display_*.deb)
publish=$(echo "$packages"/gaoshi-publish_*.deb)
common=$(echo "$packages"/gaoshi-common_*.deb)

# What is overridden is explained beside it.
said=$(lintian --allow-root --fail-on error,warning "$packages"/gaoshi_*.changes 2>&1) ||
    { echo "FAILED: $said"; exit 1; }

for package in "$display" "$publish" "$common"; do
    dpkg-deb -x "$package" "$root"
    dpkg-deb -e "$package" "$folder/control"
done
dpkg-deb -I "$display" | grep -q 'Depends: .*libsdl2'
! dpkg-deb -I "$publish" | grep -q 'Depends: .*libsdl2' ||
    { echo 'FAILED: an operator needs no SDL'; exit 1; }

for file in usr/bin/gaoshi-display usr/bin/gaoshi-publish usr/share/gaoshi/data/themes \
    usr/share/gaoshi/fonts/chain.ini usr/share/gaoshi/mosquitto/gaoshi.conf \
    lib/systemd/system/gaoshi-display.service lib/systemd/user/gaoshi-heartbeat.service \
    usr/lib/sysusers.d/gaoshi.conf usr/lib/tmpfiles.d/gaoshi.conf \
    usr/lib/udev/rules.d/90-gaoshi-backlight.rules \
    usr/share/doc/gaoshi-common/operations.md.gz \
    usr/share/doc/gaoshi-display/copyright usr/share/man/man1/gaoshi-publish.1.gz \
    usr/share/bash-completion/completions/gaoshi-publish \
    usr/share/fish/vendor_completions.d/gaoshi-display.fish \
    usr/share/zsh/vendor-completions/_gaoshi-publish; do
    [ -e "$root/$file" ] || { echo "FAILED: no /$file"; exit 1; }
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
    "$root/lib/systemd/system/gaoshi-display.service" ||
    { echo 'FAILED: the unit does not allow clock_adjtime'; exit 1; }
! grep -q '^ProtectClock=yes' \
    "$root/lib/systemd/system/gaoshi-display.service" ||
    { echo 'FAILED: ProtectClock= forbids clock_adjtime'; exit 1; }

# The units say nothing that systemd does not know.
if command -v systemd-analyze >/dev/null; then
    for unit in system/gaoshi-display.service user/gaoshi-heartbeat.service; do
        sed "s|=/usr/bin/|=$root/usr/bin/|; /^Documentation/d" \
            "$root/lib/systemd/$unit" >"$folder/${unit#*/}"
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
esac
EOF
ln -s systemctl "$folder/stubs/deb-systemd-invoke"
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
pack --install "$common" "$display" "$publish"
for group in video render input gaoshi; do
    grep -q "^$group:" "$system/etc/group" ||
        { echo "FAILED: no group $group"; exit 1; }
done
grep -q '^gaoshi:' "$system/etc/passwd" || { echo 'FAILED: no user'; exit 1; }
! grep -q '^\(re\)\?start\|enable' "$folder/asked" ||
    { echo 'FAILED: something starts that nobody provisioned'; exit 1; }

# What a technician, the screen and an operator leave behind.
wants=etc/systemd/system/multi-user.target.wants
mkdir -p "$system/etc/gaoshi" "$system/var/lib/gaoshi" "$system/$wants"
touch "$system/etc/gaoshi/display.conf" "$system/etc/gaoshi/screen.key" \
    "$system/etc/gaoshi/publish.conf" "$system/var/lib/gaoshi/store.db"
ln -s /lib/systemd/system/gaoshi-display.service "$system/$wants/gaoshi-display.service"

pack --install "$common" "$display" "$publish"
asked 'try-reload-or-restart gaoshi-display.service'
asked '--user --machine 1000@ try-restart gaoshi-heartbeat.service'
! grep -q '^stop ' "$folder/asked" ||
    { echo 'FAILED: an upgrade darkens the screen'; exit 1; }

# An upgrade that fails in its middle is put right by the next one.
mv "$folder/stubs/systemctl" "$folder/stubs/systemctl.good"
printf '#!/bin/sh\nexit 1\n' >"$folder/stubs/systemctl"
chmod +x "$folder/stubs/systemctl"
PATH=$folder/stubs:$PATH dpkg --root="$system" --force-script-chrootless \
    --force-depends --force-not-root --log=/dev/null --install "$display" \
    >"$folder/log" 2>&1 && { echo 'FAILED: a service manager that fails is not told'; exit 1; }
mv "$folder/stubs/systemctl.good" "$folder/stubs/systemctl"
pack --configure gaoshi-display
asked 'try-reload-or-restart gaoshi-display.service'

pack --remove gaoshi-display gaoshi-publish
asked 'stop gaoshi-display.service'
asked '--user --machine 1000@ stop gaoshi-heartbeat.service'
gone usr/bin/gaoshi-display lib/systemd/system/gaoshi-display.service usr/bin/gaoshi-publish
[ -e "$system/etc/gaoshi/screen.key" ] ||
    { echo 'FAILED: removed is not purged'; exit 1; }

# The configuration of operators is not the screen's.
pack --purge gaoshi-display
gone etc/gaoshi/display.conf var/lib/gaoshi "$wants/gaoshi-display.service"
[ -e "$system/etc/gaoshi/publish.conf" ] ||
    { echo "FAILED: the screen's purge takes the operators' configuration"; exit 1; }
! grep -q '^gaoshi:' "$system/etc/passwd" "$system/etc/group" ||
    { echo 'FAILED: the user stays'; exit 1; }
rm "$system/etc/gaoshi/screen.key"
pack --purge gaoshi-publish gaoshi-common
gone etc/gaoshi usr/share/gaoshi

# Without operators, nothing of the screen stays.
pack --install "$common" "$display"
touch "$system/etc/gaoshi/screen.key"
pack --purge gaoshi-display
gone etc/gaoshi
