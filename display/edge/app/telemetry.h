/* What the screen reports: receipts, state, log lines and, in a rehearsal, the
 * journal. One failure is one line, and a flood of failures is counted instead
 * of written. */
#ifndef GAOSHI_DISPLAY_TELEMETRY_H
#define GAOSHI_DISPLAY_TELEMETRY_H

#include "display/core/board/board.h"
#include "display/edge/app/stage.h"
#include "display/edge/net/subscriber.h"

enum {
    TELEMETRY_SHOWN = 512,   /* messages whose «shown» is remembered */
    TELEMETRY_REFUSALS = 30, /* log lines and receipts a minute */
    TELEMETRY_HELD = 64,     /* events of one turn */
    TELEMETRY_LINES = 10, /* log lines a minute about the line to the broker */
    TELEMETRY_STATE_MIN_MS = 3000,   /* shortest time between two states */
    TELEMETRY_STATE_MAX_MS = 300000, /* longest time between two states */
    /* So much earlier at most, drawn at random each time. */
    TELEMETRY_STATE_JITTER_MS = 60000,
    TELEMETRY_STATE_KEY_BYTES = 384,
};

struct journal;

/* Counts reports in the present minute. */
struct telemetry_quota {
    int64_t since_ms; /* monotonic */
    unsigned count;
};

struct telemetry_shown {
    enum message_kind kind;
    char id[LIMIT_IDENTIFIER_BYTES + 1];
    int64_t seq; /* 0: free */
    int64_t at_ms;
};

/* An event of this turn, reported at its end. */
struct telemetry_event {
    struct receipt receipt;
    enum message_kind kind;
    int64_t wall_ms; /* for the journal, trusted or not */
};

/* telemetry_init fills it. Zeroed it reports nothing. */
struct telemetry {
    const struct screen_identity *identity; /* borrowed, like the next field */
    struct subscriber *subscriber;          /* NULL: none */
    struct journal *journal;                /* NULL: none */
    struct telemetry_shown shown[TELEMETRY_SHOWN]; /* a ring */
    size_t shown_next;
    struct telemetry_event held[TELEMETRY_HELD];
    size_t held_count;
    struct telemetry_quota refusals, lines;
    /* The last published state, and when it was published (monotonic). */
    char state_key[TELEMETRY_STATE_KEY_BYTES];
    int64_t state_ms;
    int64_t state_period_ms; /* until the next one */
    bool state_told;
    unsigned shown_alerts;        /* since the start */
    int screens;                  /* of the organisation; 0: not known */
    const char *store_file;       /* borrowed; NULL: none */
    const char *certificate_file; /* the same */
    int64_t certificate_told_ms;  /* its end, when it was logged; 0: never */
    int64_t begun_ms;             /* monotonic: the start */
    unsigned errors;              /* lines of the log that were seen */
    int64_t error_ms;             /* when the last one was */
    bool line_up;
    int64_t since_ms; /* wall time since which the state's message is shown */
    uint64_t since_showing;
    struct frame_mark told;     /* the last page of the journal … */
    struct frame_mark recorded; /* … and picture */
};

/* store_file: the state tells how much of its disk is free; "": none.
 * certificate_file: it tells when it ends; "": none. record: the folder for the
 * journal and its pictures; NULL: no journal. The folder is made if it does not
 * exist. */
bool telemetry_init(struct telemetry *telemetry,
                    const struct screen_identity *identity,
                    const char *store_file, const char *certificate_file,
                    const char *record, struct problem *problem);
void telemetry_finish(struct telemetry *telemetry);

/* Writes one line to the journal only. id and reason: NULL leaves them out. */
void telemetry_note(struct telemetry *telemetry, const char *event,
                    const char *id, const char *reason,
                    const struct moment *now);

/* Call it once a turn, after its commits: publishes the receipts of this turn
 * and writes them to the journal. Until then they are held back. */
void telemetry_release(struct telemetry *telemetry);

/* A message as it arrived. */
struct telemetry_arrival {
    const char *topic;
    const char *payload; /* NULL: the digest is known, see envelope_digest */
    size_t bytes;
    const char *digest;
};

/* Reports a judged message from the line. */
void telemetry_judged(struct telemetry *telemetry,
                      const struct telemetry_arrival *arrival,
                      const struct board_intake *intake,
                      const struct problem *problem, const struct moment *now);

/* Reports this many more refused messages, whose reasons were not kept. */
void telemetry_refused(struct telemetry *telemetry, unsigned long count);

/* True: «shown» was already reported for this message, or it is NULL. */
bool telemetry_has_shown(const struct telemetry *telemetry,
                         const struct message *message);

/* Reports that a frame of this message was on the glass; once for each id and
 * seq. */
void telemetry_shown(struct telemetry *telemetry, const struct message *message,
                     const struct moment *presented);

void telemetry_ended(struct telemetry *telemetry,
                     const struct board_ended *ended, const struct moment *now);

/* Reports that the line went up or down. */
void telemetry_line(struct telemetry *telemetry, bool up, const char *reason,
                    const struct moment *now);

/* Reports the answer to a command. reason: why it is not carried out, a word
 * for programs; NULL: it is. */
void telemetry_reply(struct telemetry *telemetry,
                     const struct board_intake *judged, const char *reason,
                     const char *text, const struct moment *now);

/* Sends a part of what follows the answer; part->screen is filled in here.
 * False: no room; try again later. */
bool telemetry_reply_part(struct telemetry *telemetry, struct reply_part *part);

/* Publishes the state if it changed or is due, not too often. The identity, the
 * shown message with its time, and the memory in use are filled in here; the
 * caller fills in the rest. Returns the monotonic time of the next call. */
int64_t telemetry_state(struct telemetry *telemetry, const struct scene *scene,
                        const struct screen_state *state,
                        const struct moment *now);

/* Call it after a drawn frame: writes the journal's line when a page appears,
 * and its picture when the page has come to rest. */
void telemetry_record(struct telemetry *telemetry, const struct scene *scene,
                      const struct stage *stage,
                      const struct stage_result *result);

/* Writes the journal's last line. */
void telemetry_end(struct telemetry *telemetry, int64_t turns, int64_t frames);

#endif
