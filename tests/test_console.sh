#!/bin/bash
# The console, driven in Chromium as an operator does: tests/console/drive.mjs.
# The pictures of each step go to the folder that CONSOLE_PICTURES names.
set -u
bin=$1
here=${0%/*}/console
modules=$bin/../console-modules

skip() {
    echo "skipped: $1"
    exit 77
}

for program in node npm mosquitto_pub; do
    command -v "$program" >/dev/null || skip "$program is not installed"
done
chromium=$(command -v chromium) || skip 'chromium is not installed'
mkdir -p "$modules"
if ! cmp -s "$here/package-lock.json" "$modules/package-lock.json" ||
    [ ! -d "$modules/node_modules/puppeteer-core" ]; then
    cp "$here/package.json" "$here/package-lock.json" "$modules"
    (cd "$modules" && timeout 300 npm ci --ignore-scripts --no-audit --no-fund \
        >install.log 2>&1) || {
        tail -3 "$modules/install.log"
        rm -f "$modules/package-lock.json"
        skip 'the npm registry cannot be reached'
    }
fi
CHROMIUM=$chromium exec node "$here/drive.mjs" "$bin" "$modules" \
    ${CONSOLE_PICTURES:+"$CONSOLE_PICTURES"}
