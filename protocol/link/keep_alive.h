/* Notices a line that is dead but not closed: a router forgot the connection, a
 * cable was pulled, a broker hangs. MQTT's own keep-alive needs more than a
 * minute, and with a shorter one the broker would disconnect slow clients. It
 * has no clock: the caller passes monotonic times. */
#ifndef GAOSHI_PROTOCOL_KEEP_ALIVE_H
#define GAOSHI_PROTOCOL_KEEP_ALIVE_H

#include <stdbool.h>
#include <stdint.h>

struct keep_alive {
    int64_t heard_ms;  /* when the broker last sent something */
    int64_t asked_ms;  /* when it was asked for an answer; 0: it was not */
    int64_t limit_ms;  /* how long its answer may take; 0: never connected */
    int quick_answers; /* in a row */
    /* How much longer than two seconds a prompt answer may take: a broker that
     * sends one message to thousands of screens is busy for a while. */
    int64_t patience_ms;
};

/* A line came up. What is known of slow answers from earlier lines stays. */
void keep_alive_begin(struct keep_alive *alive, int64_t now_ms);

/* The broker sent something. */
void keep_alive_heard(struct keep_alive *alive, int64_t now_ms);

/* When keep_alive_turn is to be called. */
int64_t keep_alive_due_ms(const struct keep_alive *alive);

/* 0: ask the broker now; this counts as asked. Otherwise the line is dead: no
 * answer came within the returned number of milliseconds. */
int64_t keep_alive_turn(struct keep_alive *alive, int64_t now_ms);

#endif
