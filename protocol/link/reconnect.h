/* When the next attempt to connect begins, to which broker, and how long it may
 * take. It has no clock and no network: the caller passes both. */
#ifndef GAOSHI_PROTOCOL_RECONNECT_H
#define GAOSHI_PROTOCOL_RECONNECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All times are of one monotonic clock; 0: never. */
struct reconnect {
    size_t broker_count;
    size_t broker; /* index of the one in use, or tried next */
    /* in a row: failed attempts, and lines that broke soon */
    unsigned failures;
    unsigned short_lines; /* in a row: lines that broke soon */
    /* Attempts since the last line that stood, for which a connection was made
     * and the broker did not answer in time. */
    unsigned unanswered;
    int64_t patience_ms; /* more for a broker with many screens; 0: few */
    int64_t next_ms;     /* the next attempt begins, or this one is given up */
    int64_t attempt_ms;  /* the last attempt began */
    int64_t up_since_ms;
    int64_t connect_ms; /* how long the last connect took */
};

/* An attempt begins. The caller gives it up at next_ms. */
void reconnect_begin(struct reconnect *reconnect, int64_t now_ms);

/* How long Paho may take for one attempt. With many screens, longer after each
 * one that a broker did not answer: it has too little processor for all who
 * come, and each attempt that is given up costs it as much as one that it
 * answers. */
int reconnect_limit_s(const struct reconnect *reconnect);

/* The attempt succeeded. */
void reconnect_up(struct reconnect *reconnect, int64_t now_ms);

/* The attempt failed: sets broker and next_ms. The random number spreads the
 * attempts of many screens. */
void reconnect_failed(struct reconnect *reconnect, int64_t now_ms,
                      uint16_t random);

/* Like reconnect_failed, for an attempt that reached a broker and was given up
 * because no answer came. */
void reconnect_unanswered(struct reconnect *reconnect, int64_t now_ms,
                          uint16_t random);

/* The line broke: sets broker and next_ms in the same way. */
void reconnect_lost(struct reconnect *reconnect, int64_t now_ms,
                    uint16_t random);

/* Several lines in a row broke soon after they came up. */
bool reconnect_is_unsteady(const struct reconnect *reconnect);

#endif
