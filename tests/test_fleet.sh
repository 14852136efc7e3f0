#!/bin/sh
# Some hundred screens on one broker: an alert is counted exactly, and after the
# broker's restart all of them have their line and their messages again. How long
# that takes is measured by hand, with more of them (docs/scale.md).
exec tests/fleet/run --screens 300 --storm "$1"
