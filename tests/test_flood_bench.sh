#!/bin/sh
# A short share of the flood: no alert is lost, the line stays, memory, files
# and log are bounded. How long alerts take is not judged here.
exec "$1/flood_bench" 4
