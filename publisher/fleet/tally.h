/* The tally: which screens should have a message, and what became of it on
 * each. It learns from receipts and from states, in any order and any number,
 * and never counts a screen twice. Pure. */
#ifndef GAOSHI_PUBLISHER_TALLY_H
#define GAOSHI_PUBLISHER_TALLY_H

#include "protocol/scope.h"
#include "publisher/fleet/roster.h"

enum {
    /* Reasons that are kept in words; of further ones only that they were. */
    TALLY_REFUSALS_MAX = 10000,
};

/* How far a message came on a screen. It never goes back, but that a message
 * that was refused may be taken in when it comes again. */
enum tally_step {
    TALLY_NOTHING,
    TALLY_REFUSED,
    TALLY_VERIFIED,
    TALLY_SHOWN, /* or ended after that */
};

struct tally_message {
    char id[LIMIT_IDENTIFIER_BYTES + 1];
    char scope[SCOPE_BYTES];
    int64_t seq;
    bool is_alert; /* else a panel; for states */
    /* Nothing of it comes to the glass (a cancel, a removal): taken in is all
     * that there is to reach. */
    bool ends_something;
    bool is_command;      /* likewise; it is done or not */
    int64_t published_ms; /* wall clock; 0: not known */
    /* Of each screen of the roster: step and whether it is expected. */
    unsigned char *marks;
    int64_t last_after_ms; /* of the slowest screen; -1: not known */
};

struct tally_refusal {
    size_t message, screen;
    char reason[40];
    char text[240];
};

/* Fills id, scope and what kind of message it is from a signed message and its
 * topic. False: no panel and no alert, or it cannot be read. */
bool tally_message_describe(const char *topic, const char *payload,
                            size_t bytes, struct tally_message *out);

/* tally_init and tally_finish. */
struct tally {
    struct roster *roster; /* borrowed */
    struct tally_message *messages;
    size_t count;
    struct tally_refusal *refusals;
    size_t refusal_count, refusal_room;
};

void tally_init(struct tally *tally, struct roster *roster);
void tally_finish(struct tally *tally);

/* Adds a message; marks, id and scope are its own. False: no memory. */
bool tally_add(struct tally *tally, const struct tally_message *message);

/* Forgets the message that was added first; the others move up by one. */
void tally_forget_first(struct tally *tally);

/* The screen is expected, whatever inventory and scope say: an operator named
 * it. */
void tally_expect(struct tally *tally, size_t message, int screen);

/* A receipt for the message of that number. */
void tally_note_receipt(struct tally *tally, size_t message,
                        const struct receipt *receipt);

/* Something was heard of that screen, or it is known from an outbox. */
void tally_note(struct tally *tally, size_t message, int screen,
                enum tally_step step, int64_t at_ms, const char *reason,
                const char *text);

/* The screen's presence or state changed. */
void tally_note_screen(struct tally *tally, int screen);

/* Where an expected screen stands with a message. */
enum tally_class {
    TALLY_REACHED, /* shown, or taken in where that is all */
    TALLY_REFUSING,
    TALLY_WAITING, /* online, no answer yet, or not shown yet */
    TALLY_OFFLINE,
    TALLY_SILENT,
    TALLY_CLASSES,
};
const char *tally_class_name(const struct tally_message *message,
                             enum tally_class class);

/* Of the n-th screen; false: the message is not for it. */
bool tally_class_of(const struct tally *tally, size_t message, size_t screen,
                    enum tally_class *out);

enum tally_step tally_step_of(const struct tally *tally, size_t message,
                              size_t screen);

struct tally_counts {
    size_t expected;
    size_t classes[TALLY_CLASSES];
    size_t taken;    /* of those that wait: taken in */
    size_t unlisted; /* screens beyond the inventory that have it */
};
struct tally_counts tally_count(const struct tally *tally, size_t message);

/* Of 1,000 expected screens so many are reached, rounded down; 1,000 if none is
 * expected. */
int tally_thousandths(const struct tally_counts *counts);

/* NULL: it is not kept. */
const struct tally_refusal *tally_find_refusal(const struct tally *tally,
                                               size_t message, size_t screen);

#endif
