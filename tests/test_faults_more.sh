#!/bin/sh
# A liar at the broker, floods, twins, dead names, and the operator's end: a
# small share of tests/faults/run.
exec "$1/faults" --share line-twin line-dns lie-forged lie-old-key \
    lie-replayed lie-reordered lie-moved lie-emptied flood flood-forged \
    flood-retained outbox-killed outbox-shared outbox-apart outbox-full \
    outbox-read-only
