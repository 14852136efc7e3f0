/* Everything that a screen knows: what it accepted, what is live and what
 * stands on the glass. Composes table of slots, programme, lifecycle and
 * director. The loop uses no other state of the core. Pure: the time is an
 * argument. */
#ifndef GAOSHI_DISPLAY_BOARD_H
#define GAOSHI_DISPLAY_BOARD_H

#include "display/core/board/director.h"
#include "display/core/board/scene.h"
#include "display/core/validation/board_terms.h"
#include "display/core/validation/slot_table.h"
#include "display/core/validation/verified_message.h"
#include "protocol/key_ring.h"
#include "protocol/message.h"
#include "protocol/receipt.h"
#include "protocol/scope.h"

struct board_options {
    struct screen_identity identity;
    /* The keys of the configuration, borrowed. A key list that one of its
     * root keys signed adds to them and takes from them. */
    const struct key_ring *ring;
    struct page_plan plan;
    /* True: this panel stopped the screen before and is left out; NULL: none
     * did. Called with plan.context. */
    bool (*is_barred)(void *context, const struct message *message);
    bool show_exercises; /* alerts with status exercise */
    bool show_tests;     /* alerts with status test */
    int transition_ms;   /* 0: cuts */
    enum transition_kind transitions[SECTION_COUNT];
    int64_t clear_ms; /* how long 解除 stands */
    enum presentation presentations[ALERT_LEVEL_COUNT];
    enum situation_share situation;
};

/* Of the newest ticks one is kept for the next start in this time, so that
 * there are at most 144 writes a day. After a start the first tick is kept. */
#define BOARD_TICK_KEEP_MS (INT64_C(10) * 60 * 1000)

/* A command older than that, by a trusted clock or by the floor, is not carried
 * out. */
#define BOARD_COMMAND_FRESH_MS (INT64_C(10) * 60 * 1000)

struct board;

struct board *board_create(const struct board_options *options);
void board_destroy(struct board *board);

/* Whom the board believes now. Valid until the next take or recall. */
struct trust board_trust(const struct board *board);

/* What is remembered of each slot, and kept for the next start: the store
 * follows it. Valid as long as the board. */
struct slot_table *board_slots(const struct board *board);

/* What board_take found and did; enum board_effect is in board_terms.h. */
struct board_intake {
    enum board_effect effect;
    enum message_kind kind;
    char id[LIMIT_IDENTIFIER_BYTES + 1]; /* the topic's; "" if not even read */
    int64_t seq;
    int64_t issued_ms; /* signed; TIMESTAMP_NONE: nothing was verified */
    char key_id[LIMIT_KEY_ID_BYTES + 1]; /* who signed it */
    bool tells_time;                     /* the key may say how late it is */
    bool keep; /* the store keeps topic and payload, as the slot's newest;
                  also when refused as expired or cancelled already */
    /* For the store, as struct slot_row has them; slot "": not even read. */
    enum slot_class class;
    char slot[SLOT_NAME_BYTES];
    int64_t order_ms;
    int64_t ends_ms;
    enum command_verb verb;
    int value;
    char ignored[JSON_PASSED_BYTES];  /* fields that are not known here */
    char left_out[JSON_PASSED_BYTES]; /* texts that cannot be set */
};

/* What is told of a message that was refused before it reached the board:
 * BOARD_REFUSED, and the id of the topic if that can be read. */
struct board_intake board_refusal(const char *topic);

/* Road 1, for what was verified: the key must still be believed; then the
 * message is compared with what is known, judged and taken in. The board takes
 * verified->message in any case and leaves NULL there; the rest stays the
 * caller's. received: the wall clock when it first arrived (differs from now
 * for what the store kept); TIMESTAMP_NONE if that clock was not trusted. */
struct board_intake board_take(struct board *board,
                               struct verified_message *verified,
                               int64_t received_ms, const struct moment *now,
                               struct problem *problem);

/* As board_take, for a row of the store; rows may come in any order. A command
 * counts as known and is not carried out again. An alert whose age is unknown
 * waits for a trusted clock or for its live copy. */
struct board_intake board_recall(struct board *board,
                                 struct verified_message *verified,
                                 int64_t received_ms, const struct moment *now,
                                 struct problem *problem);

/* A watermark of the store: from now on nothing as old is believed in a new
 * slot, if the key is believed. To be called when the rows themselves were
 * recalled: they were accepted once. */
void board_raise_watermark(struct board *board, enum slot_class class,
                           const struct watermark *watermark);

/* Moves expiry, dwell and transitions on to now. Returns what ended. Pages
 * and messages of earlier scenes may be gone afterwards. */
size_t board_advance(struct board *board, const struct moment *now,
                     struct board_ended out[BOARD_ENDED_MAX]);

/* What is to stand on the glass. Valid until the next advance, take, recall or
 * step. It is up to date after each of them. */
struct scene board_scene(const struct board *board, const struct moment *now);

/* For people who use a keyboard in the window. */
void board_pause(struct board *board, bool paused, const struct moment *now);
void board_step(struct board *board, int direction, const struct moment *now);

/* For the state topic and the furniture; as of the last board_advance. */
struct board_figures {
    int panels;
    int alerts;
    int missing;      /* listed by an index or a tick, not here, and that for
                         longer than a message may take */
    int64_t keys_seq; /* of the key list in force; 0: none */
    bool frozen;      /* a key promised a tick, and none came */
    char silent_key[LIMIT_KEY_ID_BYTES + 1]; /* which; "": none */
    int64_t tick_ms; /* newest tick; trusted wall clock, or TIMESTAMP_NONE */
    /* When something new and valid last arrived; TIMESTAMP_NONE: never. A
     * duplicate is no news: whoever holds an old message can send it. */
    int64_t news_ms;      /* trusted wall clock */
    int64_t news_mono_ms; /* live arrivals only */
    /* Up to when the news is known to be whole: if frozen or missing, to when
     * it was not yet; else as above. TIMESTAMP_NONE: that clock can't tell. */
    int64_t until_ms;
    int64_t until_mono_ms;
};
struct board_figures board_figures(const struct board *board);

#endif
