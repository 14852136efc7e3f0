/* Random histories of alerts for the reference model and the display. */
#ifndef GAOSHI_TESTS_SUPPORT_RANDOM_ALERTS_H
#define GAOSHI_TESTS_SUPPORT_RANDOM_ALERTS_H

#include "display/core/validation/board_terms.h"
#include "display/core/validation/trust.h"
#include "tests/support/alert_model.h"

#include <stdio.h>

enum {
    RANDOM_ALERTS_IDS = 5,
    RANDOM_ALERTS_KEYS = 3,
    RANDOM_ALERTS_ROWS = RANDOM_ALERTS_IDS * RANDOM_ALERTS_KEYS,
    RANDOM_ALERTS_POOL = 12,
    RANDOM_ALERTS_STEPS = 28,
};

struct random_alerts {
    uint64_t seed, state;
    struct alert_model_message pool[RANDOM_ALERTS_POOL];
    size_t pool_count;

    /* Since the last start of the screen. */
    struct alert_model_event events[ALERT_MODEL_EVENTS_MAX];
    size_t event_count;
    bool rebooted; /* just before the last event */

    /* The store: the newest row of each id and key, in the order of the rows.
     */
    struct {
        const struct alert_model_message *message;
        int received;
    } rows[RANDOM_ALERTS_ROWS], recalled[RANDOM_ALERTS_ROWS];
    size_t row_count, recalled_count, recalled_next;

    int steps;
    int mono, wall, floor, told;
    bool trusted, confirmed;
};

void random_alerts_start(struct random_alerts *random, uint64_t seed);

/* Appends an event; false: the sequence is over. */
bool random_alerts_next(struct random_alerts *random);

/* The message of the last event goes into the store. */
void random_alerts_keep(struct random_alerts *random);

bool random_alerts_chance(struct random_alerts *random, unsigned percent);

/* Minutes of the model as times of messages; NONE stays none. */
int64_t random_alerts_time(int minutes);

/* The keys of the model, on a screen of the group that the third may speak to.
 */
struct trust random_alerts_trust(void);

struct moment random_alerts_moment(const struct alert_model_event *event);

/* The caller's; message_destroy. */
struct message *random_alerts_make(const struct alert_model_message *plan);
bool random_alerts_is(const struct message *message,
                      const struct alert_model_message *plan);

/* A cancel that the alert's own slot had before it, or after it, came and was
 * believed. */
bool random_alerts_is_cancelled(const struct random_alerts *random,
                                const struct message *message);
bool random_alerts_is_graver(const struct message *a, const struct message *b);

void random_alerts_print(const struct random_alerts *random, FILE *out);

#endif
