/* Random panels and alerts that the validator would let pass, with texts out of
 * all of Unicode, from a seed. */
#ifndef GAOSHI_TESTS_SUPPORT_RANDOM_MESSAGE_H
#define GAOSHI_TESTS_SUPPORT_RANDOM_MESSAGE_H

#include "protocol/message.h"

enum { RANDOM_MESSAGE_TEXTS = 256 };

/* The texts belong to the struct; random_message_finish. */
struct random_message {
    struct message message;
    char *texts[RANDOM_MESSAGE_TEXTS];
    size_t text_count;
    uint64_t random; /* of the seed; goes on */
};

/* Below the bound; the same on every machine. */
uint32_t random_below(uint64_t *state, uint32_t bound);

/* Empties what was there, keeps the seed. */
void random_message_panel(struct random_message *out,
                          enum panel_template template);
void random_message_alert(struct random_message *out);
void random_message_cancel(struct random_message *out);
void random_message_finish(struct random_message *out);

#endif
