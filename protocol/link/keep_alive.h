/* Notices a line that is dead without being closed: a router that forgot it, a
 * cable, a broker that hangs. MQTT's own keep-alive takes more than a minute,
 * and with a shorter one the broker would throw out slow clients. Knows no
 * clock: the caller passes monotonic times in. */
#ifndef GAOSHI_PROTOCOL_KEEP_ALIVE_H
#define GAOSHI_PROTOCOL_KEEP_ALIVE_H

#include <stdbool.h>
#include <stdint.h>

struct keep_alive {
    int64_t heard_ms;  /* the broker's last sign of life */
    int64_t asked_ms;  /* when it was asked for one; 0: it was not */
    int64_t limit_ms;  /* how long its answer may take; 0: never connected */
    int quick_answers; /* in a row */
};

/* A line came up. What earlier lines taught about slow answers stays. */
void keep_alive_begin(struct keep_alive *alive, int64_t now_ms);

/* The broker sent something. */
void keep_alive_heard(struct keep_alive *alive, int64_t now_ms);

/* When keep_alive_turn is to be called. */
int64_t keep_alive_due_ms(const struct keep_alive *alive);

/* 0: ask the broker now; counts as asked. Otherwise the line is dead: no answer
 * came for so many milliseconds. */
int64_t keep_alive_turn(struct keep_alive *alive, int64_t now_ms);

#endif
