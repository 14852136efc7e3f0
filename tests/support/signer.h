/* An operator for tests: a key, and signed messages of the whole road. */
#ifndef GAOSHI_TESTS_SUPPORT_SIGNER_H
#define GAOSHI_TESTS_SUPPORT_SIGNER_H

#include "tests/support/peer.h"

#include <stdbool.h>
#include <stdint.h>

struct signer;

/* Makes a key and writes its public half to folder/NAME.pem. NULL: failed. */
struct signer *signer_create(const char *folder, const char *name);
void signer_destroy(struct signer *signer); /* NULL: nothing */
const char *signer_file(const struct signer *signer);

/* What is to be signed. Organisation erqi, scope all; a command goes to the
 * screen whose id it has. */
struct signer_message {
    const char *kind; /* "panel", "alert-cancel", … */
    const char *id;   /* of a tick NULL */
    int64_t seq;
    const char *content;  /* the JSON object of the kind: {"template": … */
    int64_t expires_in_s; /* from now; 0: none given */
    int64_t issued_in_s;  /* from now: by a clock that is wrong */
};

/* gaoshi/1/erqi/down/all/panel/ID, …/alert/ID, or …/tick; or
 * gaoshi/1/erqi/command/ID. */
void signer_topic(const struct signer_message *message, char out[512]);

/* Signed text, NUL-terminated; the caller frees it. NULL: failed. */
char *signer_seal(struct signer *signer, const struct signer_message *message);

/* Seals, publishes, retained but for a tick, and waits for the broker's answer.
 */
bool signer_publish(struct signer *signer, struct peer *peer,
                    const struct signer_message *message);

/* Contents that every test may use: a figure, an exercise, its cancel. */
extern const char signer_figure[];
extern const char signer_drill[];
extern const char signer_drill_cancel[];

#endif
