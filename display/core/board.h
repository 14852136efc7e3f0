/* Everything a screen knows: what it accepted, what is live, what stands on
 * the glass. Composes intake, programme, lifecycle and director; the loop
 * talks to nothing else of the core's state. Pure: time comes in. */
#ifndef GAOSHI_DISPLAY_BOARD_H
#define GAOSHI_DISPLAY_BOARD_H

#include "display/core/scene.h"
#include "protocol/key.h"
#include "protocol/message.h"
#include "protocol/receipt.h"
#include "protocol/scope.h"

/* One reading of the clocks, taken once a turn. */
struct moment {
    int64_t mono_ms;   /* never goes back, counts from the start */
    int64_t wall_ms;   /* UTC */
    bool wall_trusted; /* false: 1970, before a jump was explained */
};

/* How the pages of a message are counted and timed: the layout's answer,
 * given to the director as a function so that it knows no pixels. */
struct page_plan {
    void *context;
    size_t (*pages)(void *context, const struct message *message);
    int64_t (*dwell_ms)(void *context, const struct message *message,
                        size_t page);
};

struct board_options {
    struct screen_identity identity;
    const struct key_ring *ring; /* borrowed */
    struct page_plan plan;
    bool show_exercises; /* alerts with status exercise */
    bool show_tests;     /* alerts with status test */
    int transition_ms;   /* 0: cuts */
    enum transition_kind transitions[SECTION_COUNT];
    int64_t clear_ms;    /* how long 解除 stands */
};

struct board;

struct board *board_create(const struct board_options *options);
void board_destroy(struct board *board);

/* What a message did. */
enum board_effect {
    BOARD_REFUSED,   /* problem says why; nothing changed */
    BOARD_DUPLICATE, /* known already; nothing changed */
    BOARD_ACCEPTED,  /* put something up or changed it */
    BOARD_TOOK_OFF,  /* removal or cancel: commit before the next frame */
    BOARD_NOTED,     /* tick, index: nothing to see */
    BOARD_COMMAND,   /* the loop carries it out */
};

struct board_intake {
    enum board_effect effect;
    enum message_kind kind;
    char id[LIMIT_IDENTIFIER_BYTES + 1]; /* "" if not even read */
    int64_t seq;
    bool keep; /* the store keeps topic and payload, as the slot's newest */
    enum command_verb verb;
    int value;
};

/* Road 1: verify, parse, validate, compare with the topic, judge, take in.
 * received: the wall clock when it first arrived (differs from now for what
 * the store kept); TIMESTAMP_NONE if that clock was not trusted. */
struct board_intake board_take(struct board *board, const char *topic,
                               const char *payload, size_t bytes,
                               int64_t received_ms,
                               const struct moment *now,
                               struct problem *problem);

/* Something that ended by itself, for receipts. */
struct board_ended {
    enum message_kind kind;
    char id[LIMIT_IDENTIFIER_BYTES + 1];
    int64_t seq;
    const char *reason; /* "expired", "cancelled", "replaced", "removed" */
};
enum { BOARD_ENDED_MAX = 32 };

/* Moves expiry, dwell and transitions on to now. Returns what ended. Pages
 * and messages of earlier scenes may be gone afterwards. */
size_t board_advance(struct board *board, const struct moment *now,
                     struct board_ended out[BOARD_ENDED_MAX]);

/* What is to stand on the glass. Valid until the next advance or take. */
struct scene board_scene(const struct board *board, const struct moment *now);

/* People at the window. */
void board_pause(struct board *board, bool paused, const struct moment *now);
void board_step(struct board *board, int direction, const struct moment *now);

/* For the state topic and the furniture. */
struct board_figures {
    int panels;
    int alerts;
    int missing;     /* in the index, not here */
    int64_t news_ms; /* when something valid last arrived, wall clock */
    int64_t news_mono_ms;
};
struct board_figures board_figures(const struct board *board);

#endif
