/* The lifecycle of alerts told a second time, as plainly as can be: from the
 * whole history, anew at every step, with sets of bits instead of tables. It
 * shares no line with the display; tests hold one against the other. */
#ifndef GAOSHI_TESTS_SUPPORT_ALERT_MODEL_H
#define GAOSHI_TESTS_SUPPORT_ALERT_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Minutes; NONE: not given. */
enum { ALERT_MODEL_NONE = INT32_MIN, ALERT_MODEL_EVENTS_MAX = 128 };

/* status 0 actual, 1 exercise, 2 test; level 0 red … 3 blue, 4 unknown;
 * urgency 0 immediate, 1 expected, 2 future, 3 past, 4 unknown. */
struct alert_model_message {
    int id;       /* 0 … 31 */
    int key;      /* 0 and 1 may send everywhere, 2 only to the group */
    bool grouped; /* sent to a group of screens; false: to all */
    int status;
    bool is_cancel;
    int seq;
    int issued, sent, effective, expires;
    int level, urgency;
    uint32_t references; /* a bit for each id */
};

/* A message comes, or (NULL) only time goes on. */
struct alert_model_event {
    const struct alert_model_message *message;
    bool live;    /* over the line; false: out of the store */
    int received; /* first arrival, on a trusted clock; or NONE */
    int mono, wall;
    bool trusted;   /* the wall clock is */
    bool confirmed; /* and somebody else vouches for it */
    int floor;      /* has surely passed; or NONE */
    int told;       /* as a tick told it over the line; or NONE */
};

/* What is in force after the last event, gravest first. */
size_t
alert_model_run(const struct alert_model_event *events, size_t count,
                bool drills,
                const struct alert_model_message *out[ALERT_MODEL_EVENTS_MAX]);

#endif
