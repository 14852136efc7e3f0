/* Sends a command to screens, each one signed for itself, and collects the
 * answers: who did it, who refused it and why, who is offline or silent. */
#ifndef GAOSHI_PUBLISHER_ASKING_H
#define GAOSHI_PUBLISHER_ASKING_H

#include "protocol/key.h"
#include "publisher/fleet/tally_view.h"
#include "publisher/screens/snapshot.h"

enum {
    ASKING_WAIT_MS = 15000, /* for answers, unless --wait says otherwise */
    /* What follows an answer is waited for as long as it goes on coming. */
    ASKING_PART_MS = 15000,
    /* A command expires: one that is delayed on the way is not carried out. */
    ASKING_LASTS_S = 120,
    /* So many screens may send something large at once: 60 MiB. */
    ASKING_WHOLES_MAX = 20,
};

/* What one screen answered. */
struct asking_answer {
    bool asked;
    bool told;     /* the receipt came; its text is kept */
    int64_t at_ms; /* of it */
    char text[240];
    char digest[ENVELOPE_DIGEST_BYTES + 1]; /* of what was sent to it */
    struct reply_assembly assembly;
    bool whole; /* the assembly is complete and right */
};

/* asking_open and asking_close. */
struct asking {
    const struct options *options;
    struct key *key;
    struct snapshot snapshot;
    int signal_fd;
    bool interrupted;
    enum command_verb verb;
    int64_t seq;
    struct tally tally; /* of one message, the command */
    struct tally_view view;
    struct asking_answer **answers; /* of each screen of the roster; NULL: it
                                       was not asked */
    size_t open;                    /* publishes without the broker's answer */
    int64_t part_ms; /* monotonic: the last part that was new; 0: none */
};

/* Opens the key and the line, and learns which screens there are. What is wrong
 * is told. In any case asking_close. */
enum publish_exit asking_open(struct asking *asking,
                              const struct options *options);
void asking_close(struct asking *asking);

/* Whether something large follows the answer to this verb. */
bool asking_has_whole(enum command_verb verb);

/* Sends the command (an object as the protocol has it, borrowed) to one screen,
 * or to all of a scope (screen NULL), and waits for the answers. It forgets the
 * answers to an earlier one. True: it was sent, and answers may have come.
 * False, told: *code says why. */
bool asking_run(struct asking *asking, enum command_verb verb,
                const json_t *command, const char *screen, const char *scope,
                enum publish_exit *code);

/* NULL: the screen was not asked. */
const struct asking_answer *asking_answer_of(const struct asking *asking,
                                             size_t screen);

#endif
