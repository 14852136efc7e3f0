/* The whole state of a screen: what it accepted, what is live and what is
 * shown. It is composed of the table of slots, the programme, the lifecycle and
 * the director. The loop uses no other state of the core. Pure: the time is an
 * argument. */
#ifndef GAOSHI_DISPLAY_BOARD_H
#define GAOSHI_DISPLAY_BOARD_H

#include "display/core/board/director.h"
#include "display/core/board/live_figures.h"
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
    /* The keys of the configuration, borrowed. A key list signed by one of its
     * root keys adds and removes keys. */
    const struct key_ring *ring;
    /* Of the place, for the schedules of panels; borrowed. NULL: UTC, without
     * holidays. */
    const struct calendar *calendar;
    struct page_plan plan;
    /* True: this panel crashed the screen before and is left out. NULL: no
     * panel is barred. Called with plan.context. */
    bool (*is_barred)(void *context, const struct message *message);
    /* True: the glass is too low for scripts that stand in columns, see
     * shaping_note_low. NULL: it is high enough. Called with plan.context. */
    bool (*is_low)(void *context);
    bool show_exercises; /* alerts with status exercise */
    bool show_tests;     /* alerts with status test */
    int transition_ms;   /* 0: cuts */
    enum transition_kind transitions[SECTION_COUNT];
    int64_t clear_ms; /* how long 解除 stands */
    enum presentation presentations[ALERT_LEVEL_COUNT];
    enum situation_share situation;
};

/* In this time one tick is kept for the next start, so that there are at most
 * 144 writes a day. The first tick after a start is always kept. */
#define BOARD_TICK_KEEP_MS (INT64_C(10) * 60 * 1000)

/* A command that is older than this, by a trusted clock or by the floor, is not
 * carried out. */
#define BOARD_COMMAND_FRESH_MS (INT64_C(10) * 60 * 1000)

struct board;

struct board *board_create(const struct board_options *options);
void board_destroy(struct board *board);

/* The keys that the board trusts now. Valid until the next take or recall. */
struct trust board_trust(const struct board *board);

/* The table of the newest message of each topic; the store writes its changes
 * to the disk and marks them as written. Valid as long as the board. */
struct slot_table *board_slots(const struct board *board);

/* The result of board_take; enum board_effect is in board_terms.h. */
struct board_intake {
    enum board_effect effect;
    enum message_kind kind;
    char id[LIMIT_IDENTIFIER_BYTES +
            1]; /* id in the topic; "" if the topic was not read */
    int64_t seq;
    /* from the signed message; TIMESTAMP_NONE: not verified */
    int64_t issued_ms;
    char key_id[LIMIT_KEY_ID_BYTES + 1]; /* who signed it */
    bool tells_time; /* the screen trusts the key's word about the time */
    bool keep; /* the store keeps topic and payload as the newest of the slot,
                  also when the message was refused as expired or cancelled
                  already */
    /* For the store, see struct slot_row; slot "": the message was not read. */
    enum slot_class class;
    char slot[SLOT_NAME_BYTES];
    int64_t order_ms;
    int64_t ends_ms;
    struct message_command command;   /* of BOARD_COMMAND */
    char ignored[JSON_PASSED_BYTES];  /* fields that are not known here */
    char left_out[JSON_PASSED_BYTES]; /* texts that cannot be displayed */
};

/* The result for a message that was refused before it reached the board:
 * BOARD_REFUSED, and the id of the topic if it can be read. */
struct board_intake board_refusal(const char *topic);

/* Takes a verified message. The key must still be trusted; then the message is
 * compared with what is known and accepted or refused. The board takes
 * verified->message in any case and sets it to NULL; the rest stays the
 * caller's. received_ms: the wall clock at its first arrival (for rows of the
 * store earlier than now); TIMESTAMP_NONE if that clock was not trusted. */
struct board_intake board_take(struct board *board,
                               struct verified_message *verified,
                               int64_t received_ms, const struct moment *now,
                               struct problem *problem);

/* Like board_take, for a row of the store; rows may come in any order. A
 * command only counts as known. An alert whose age is unknown waits for a
 * trusted clock or for its live copy. */
struct board_intake board_recall(struct board *board,
                                 struct verified_message *verified,
                                 int64_t received_ms, const struct moment *now,
                                 struct problem *problem);

/* Sets a watermark of the store: from now on nothing as old is accepted in a
 * new slot, if the key is trusted. Call it after the rows were recalled,
 * because they were accepted once. */
void board_raise_watermark(struct board *board, enum slot_class class,
                           const struct watermark *watermark);

/* Advances expiry, dwell times and transitions to now. Returns how many
 * messages ended. Pages and messages of earlier scenes may be gone afterwards.
 */
size_t board_advance(struct board *board, const struct moment *now,
                     struct board_ended out[BOARD_ENDED_MAX]);

/* What is to be shown. Valid until the next advance, take, recall or step, and
 * up to date after each of them. */
struct scene board_scene(const struct board *board, const struct moment *now);

/* For a keyboard in the window. */
void board_pause(struct board *board, bool paused, const struct moment *now);
void board_step(struct board *board, int direction, const struct moment *now);
/* Moves the shown page on in its own time, or back (negative), within the page.
 */
void board_seek(struct board *board, int64_t delta_ms,
                const struct moment *now);

/* Figures for the state topic and for the marks beside a page, as of the last
 * board_advance. */
struct board_figures {
    int panels;
    int waiting; /* panels left out because their hours or days need a clock
                    that is trusted */
    int alerts;
    int missing; /* listed by an index or a tick and missing for longer than a
                    delivery may take */
    int64_t keys_seq; /* number of the key list in force; 0: none */
    bool frozen;      /* a key promised a tick, and none came */
    char silent_key[LIMIT_KEY_ID_BYTES + 1]; /* which key; "": none */
    int64_t tick_ms; /* newest tick; trusted wall clock, or TIMESTAMP_NONE */
    int screens;     /* of the organisation, as ticks have it; 0: not told */
    /* When something new and valid last arrived; TIMESTAMP_NONE: never. A
     * duplicate does not count: anybody who holds an old message can send it.
     */
    int64_t news_ms;      /* trusted wall clock */
    int64_t news_mono_ms; /* live arrivals only */
    /* Up to when nothing is known to be missing: if frozen or missing, the time
     * before that began; otherwise news_ms and news_mono_ms. TIMESTAMP_NONE:
     * not known on that clock. */
    int64_t until_ms;
    int64_t until_mono_ms;
};
struct board_figures board_figures(const struct board *board);

/* The pictures that live panels name; the version changes with them. */
void board_each_picture(const struct board *board,
                        void (*visit)(void *context,
                                      const struct panel_picture *picture),
                        void *context);
uint64_t board_pictures_version(const struct board *board);

/* The settings for this screen, of the narrowest scope that has some; NULL: its
 * configuration holds. Valid until the next take or advance. */
const struct settings *board_settings(const struct board *board,
                                      const struct moment *now);

/* The live figures of a panel as they are now. False: it has none. */
bool board_live(const struct board *board, const struct message *panel,
                const struct moment *now, struct page_live *out);

/* Alerts in force, gravest first. Valid until the next take or advance. */
const struct message *const *board_alerts(const struct board *board,
                                          size_t *count);

#endif
