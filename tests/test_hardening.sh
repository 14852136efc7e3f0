#!/usr/bin/env bash
# What attacks on memory rely on is closed in the programs as they are built:
# fixed addresses, a writable table of functions, unchecked copies.
# usage: test_hardening.sh BIN
set -eu
bin=$1

if grep -q '^CMAKE_BUILD_TYPE:[A-Z]*=Debug' "$bin/../CMakeCache.txt"; then
    echo "skipped: a debug build is for the sanitizers, and not hardened"
    exit 77
fi

fail() {
    echo "$program: $1" >&2
    exit 1
}

for program in gaoshi-display gaoshi-publish; do
    readelf -hW "$bin/$program" | grep -q 'Type: *DYN' ||
        fail 'no PIE: it always stands at the same address'
    readelf -lW "$bin/$program" | grep -q GNU_RELRO || fail 'no RELRO'
    readelf -dW "$bin/$program" | grep -q BIND_NOW ||
        fail 'no BIND_NOW: the table of functions stays writable'
    readelf -lW "$bin/$program" | grep GNU_STACK | grep -q 'RW ' ||
        fail 'its stack can be executed'
    symbols=$(readelf -sW "$bin/$program")
    grep -q '__stack_chk_fail' <<<"$symbols" || fail 'no stack protector'
    grep -q '__snprintf_chk\|__memcpy_chk' <<<"$symbols" ||
        fail 'no fortified functions (_chk)'
    if [ "$(uname -m)" = x86_64 ]; then
        # Not by the program's note: Debian's start files have none.
        objdump -d --disassemble=main "$bin/$program" | grep -q endbr64 ||
            fail 'no control-flow protection (endbr64)'
    fi
    if strings -a "$bin/$program" | grep -qF "$PWD/data"; then
        fail 'a path of the source folder is compiled in'
    fi
done
