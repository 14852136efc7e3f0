/* The outbox keeps signed messages in a SQLite file until the broker has
 * confirmed them, and gives out sequence numbers. Several processes may use it
 * at once. */
#ifndef GAOSHI_PUBLISHER_OUTBOX_H
#define GAOSHI_PUBLISHER_OUTBOX_H

#include "base/problem.h"
#include "protocol/message.h"

#include <stddef.h>
#include <stdint.h>

struct outbox;

/* Opens or makes the file; its folder is made accessible to the owner only. */
bool outbox_open(const char *file, struct outbox **out,
                 struct problem *problem);
void outbox_close(struct outbox *outbox); /* NULL: nothing */

/* Opens a file for reading, also one that cannot be written. If it cannot even
 * be locked (a full disk), it is read without a lock. */
bool outbox_open_reading(const char *file, struct outbox **out,
                         struct problem *problem);

/* The file, for tables that are written together with messages. */
struct sqlite_file;
const struct sqlite_file *outbox_file(const struct outbox *outbox);

/* A transaction: all of it is written or nothing. Other processes wait
 * meanwhile. A rollback without a begin does nothing. */
bool outbox_begin(struct outbox *outbox, struct problem *problem);
bool outbox_commit(struct outbox *outbox, struct problem *problem);
void outbox_rollback(struct outbox *outbox);

/* Within begin and commit: gives a number that was never given before. It is at
 * least now_ms, so that numbers do not go back when the file is lost or a
 * second machine is used. If the last number is LIMIT_SEQUENCE_AHEAD_MS ahead
 * of now_ms, the clock was wrong and screens refused it: numbers continue from
 * now_ms. */
bool outbox_next_sequence(struct outbox *outbox, int64_t now_ms, int64_t *out,
                          struct problem *problem);

/* The last number that was given; 0: none. */
bool outbox_last_sequence(struct outbox *outbox, int64_t *out,
                          struct problem *problem);

/* The number that follows last by the same rule, for an outbox that cannot be
 * written. */
int64_t outbox_sequence_after(int64_t last, int64_t now_ms);

enum outbox_state {
    OUTBOX_WAITING,
    OUTBOX_CONFIRMED,
    OUTBOX_REFUSED,
    OUTBOX_DROPPED, /* by the operator, before it was confirmed */
};

/* Within begin and commit: queues a signed message, and deletes an older one of
 * the same topic. expires_ms: TIMESTAMP_NONE if it does not expire. A message
 * that is added waits, whatever its state says. */
struct outbox_message {
    int64_t seq;
    const char *org;
    const char *topic;
    const char *payload;
    size_t bytes;
    int64_t expires_ms;
    enum outbox_state state;
};
bool outbox_add(struct outbox *outbox, const struct outbox_message *message,
                struct problem *problem);

/* Which of the waiting messages a command sends: its own (from the first number
 * to the last) and, if set, the indexes of this key, all alerts and cancels, or
 * all messages. */
struct outbox_choice {
    int64_t first_seq, last_seq;
    const char *index_key; /* NULL: no index */
    bool alerts;
    bool all;
};
bool outbox_is_chosen(const struct outbox_choice *choice, int64_t seq,
                      const char *topic);

/* Calls back for each message of the org that waits and is not expired, oldest
 * first; texts are valid during the call. When a callback returns false, the
 * reading ends and outbox_each_waiting returns false. */
bool outbox_each_waiting(struct outbox *outbox, const char *org, int64_t now_ms,
                         bool (*each)(void *context,
                                      const struct outbox_message *message),
                         void *context, struct problem *problem);

/* The same for those that the broker confirmed. */
bool outbox_each_confirmed(struct outbox *outbox, const char *org,
                           int64_t now_ms,
                           bool (*each)(void *context,
                                        const struct outbox_message *message),
                           void *context, struct problem *problem);

/* The same for every message in the file, in any state. */
bool outbox_each(struct outbox *outbox,
                 bool (*each)(void *context,
                              const struct outbox_message *message),
                 void *context, struct problem *problem);

/* The same for the alerts and cancels of an id, in any state: one for each
 * scope that it was sent to, newest first. */
bool outbox_each_alert(struct outbox *outbox, const char *org, const char *id,
                       bool (*each)(void *context,
                                    const struct outbox_message *message),
                       void *context, struct problem *problem);

/* The same for the panel or removal of an id. */
bool outbox_each_panel(struct outbox *outbox, const char *org, const char *id,
                       bool (*each)(void *context,
                                    const struct outbox_message *message),
                       void *context, struct problem *problem);

/* Marks these numbers as being sent until the outbox is closed or the process
 * ends, so that other processes do not take them for messages that an earlier
 * command left. Call it before commit. */
void outbox_hold(struct outbox *outbox, int64_t first_seq, int64_t last_seq);

/* Whether another process is sending it. */
bool outbox_is_held(struct outbox *outbox, int64_t seq);

/* Within begin and commit: drops a waiting message, which is then not sent any
 * more. If it is a cancel, its alert counts as not cancelled. */
bool outbox_drop(struct outbox *outbox, int64_t seq, struct problem *problem);

/* Records the new state of a message. An unknown number changes nothing. */
bool outbox_mark(struct outbox *outbox, int64_t seq, enum outbox_state state,
                 struct problem *problem);

/* One message; texts are valid during the call. */
struct outbox_live {
    int64_t seq;
    const char *topic;
    bool waits;
    enum message_kind kind; /* panel, alert, removal, cancel, index, settings */
};

/* Calls back for the live messages of the key in the org: alerts and cancels
 * first, then by age, the newest first. Refused, dropped and expired messages
 * do not count. An alert counts until it expires; without an expiry for four
 * days, because screens show none of these for more than three days after its
 * issue. A cancel counts as long as its alert would; if that was not sent from
 * here, for thirty days, like the removal of a panel. When a callback returns
 * false, the reading ends and outbox_each_live returns false. */
bool outbox_each_live(struct outbox *outbox, const char *org,
                      const char *key_id, int64_t now_ms,
                      bool (*each)(void *context,
                                   const struct outbox_live *live),
                      void *context, struct problem *problem);

/* The message of a topic. */
struct outbox_row {
    int64_t seq;
    enum outbox_state state;
    /* NUL-terminated, the caller frees it; NULL: no such topic */
    char *payload;
    size_t bytes;
};
bool outbox_find(struct outbox *outbox, const char *topic,
                 struct outbox_row *out, struct problem *problem);

/* Within begin and commit: deletes messages that expired more than a month ago,
 * and alerts without an end, cancels, removals and live figures that no longer
 * mattered for as long. */
bool outbox_prune(struct outbox *outbox, int64_t now_ms,
                  struct problem *problem);

#endif
