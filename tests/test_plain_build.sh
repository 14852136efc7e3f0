#!/usr/bin/env bash
# A build as distributors make it, with BUILD_TESTING=OFF: both programs, no
# test, none of the libraries that only tests need, a build type, and no warning
# that ends it. Configures only.
# usage: test_plain_build.sh BIN
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
    echo "$1" >&2
    exit 1
}

# As if those libraries were not installed.
cat >"$folder/pkg-config" <<'END'
#!/bin/sh
case "$*" in
*cmocka* | *x11*) exit 1 ;;
esac
exec pkg-config "$@"
END
chmod +x "$folder/pkg-config"

env -u CFLAGS cmake -S . -B "$folder/build" -G Ninja -DBUILD_TESTING=OFF \
    -DCMAKE_INSTALL_PREFIX=/opt/gaoshi \
    -DPKG_CONFIG_EXECUTABLE="$folder/pkg-config" >"$folder/out" 2>&1 ||
    fail "does not configure: $(cat "$folder/out")"
grep -q '^CMAKE_BUILD_TYPE:STRING=RelWithDebInfo' "$folder/build/CMakeCache.txt" ||
    fail 'no build type by default'
if grep -q -- '-Werror' "$folder/build/build.ninja"; then
    fail 'warnings end the build'
fi
ninja -C "$folder/build" -t targets all >"$folder/targets"
for program in gaoshi-display gaoshi-publish; do
    grep -q "^bin/$program:" "$folder/targets" || fail "$program is not built"
done
if grep -q '^tests/\|^bin/test' "$folder/targets"; then
    fail 'tests are built'
fi
for unit in gaoshi-display gaoshi-heartbeat; do
    grep -q '^ExecStart=/opt/gaoshi/bin/gaoshi-' "$folder/build/units/$unit.service" ||
        fail "$unit.service does not start the program of the prefix"
done
for file in bash-completion/completions/gaoshi-publish zsh/site-functions/_gaoshi-display \
    fish/vendor_completions.d/gaoshi-publish.fish; do
    grep -q "${file%/*}" "$folder/build/cmake_install.cmake" &&
        grep -q "${file##*/}" "$folder/build/cmake_install.cmake" ||
        fail "$file is not installed"
done
