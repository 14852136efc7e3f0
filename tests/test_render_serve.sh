#!/bin/bash
# The warm helper draws what «render» draws, to the pixel, and nothing that a
# request says ends it.
exec python3 "${0%/*}/support/render_serve_check.py" "$1/gaoshi-display"
