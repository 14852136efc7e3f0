#!/bin/sh
# No alert is lost on the way into a real window, and none comes in pieces:
# a tiny share of the bench's trials. How long they take is not judged here.
exec "$1/alert_latency" --trials 5 --size 1280x720
