#!/bin/sh
# The line's and the broker's faults once more, over mutual TLS: a small share
# of tests/faults/run.
exec "$1/faults" --share tls-broker-term tls-broker-kill tls-broker-stopped \
    tls-cut tls-held tls-half-open tls-slow tls-end
