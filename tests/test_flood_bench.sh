#!/bin/sh
# A short share of the flood: no alert is lost, the line stays, memory, files
# and log are bounded. How long alerts take is not judged here.
# The address sanitizer keeps freed memory for a while: less of it here.
ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=8" exec "$1/flood_bench" 4
