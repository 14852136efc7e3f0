#!/bin/sh
# Nothing is lost, black or forged, whatever befalls broker, line and display:
# a small share of tests/faults/run.
exec "$1/faults" --share display-kill broker-term broker-kill broker-empty \
    broker-stopped broker-full line-cut line-held line-half-open line-slow
