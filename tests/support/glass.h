/* A director with a stage that the test sets by hand, message by message. */
#ifndef GAOSHI_TESTS_SUPPORT_GLASS_H
#define GAOSHI_TESTS_SUPPORT_GLASS_H

#include "display/core/director.h"
#include "tests/support/made_message.h"

enum {
    GLASS_DWELL_MS = 10000, /* of a page; of ids with 'l' first three times */
    GLASS_MOVE_MS = 800,    /* of a transition, where there is one */
    GLASS_STAGE_MAX = 8
};

/* An id ends in the count of its pages: "b2" has two. */
struct glass {
    struct director *director;
    struct message *panels[GLASS_STAGE_MAX];
    struct message *alerts[GLASS_STAGE_MAX];
    struct message *clear; /* set by the test; owned */
    size_t panel_count, alert_count;
    struct moment now;
};

struct glass *glass_start(int transition_ms);
void glass_stop(struct glass *glass);

struct director_stage glass_stage(const struct glass *glass);
struct scene glass_scene(const struct glass *glass);

void glass_advance(struct glass *glass);
void glass_wait(struct glass *glass, int64_t ms);
/* Sleeps as the loop does, until the scene itself says that it changes. */
void glass_wait_for_change(struct glass *glass);

void glass_put_panel(struct glass *glass, size_t at, struct made made);
void glass_change_panel(struct glass *glass, size_t at, struct made made);
void glass_drop_panel(struct glass *glass, size_t at);
void glass_put_alert(struct glass *glass, size_t at, struct made made);
void glass_drop_alert(struct glass *glass, size_t at);

/* id/page, or nothing for the plain page. */
void glass_expect(const struct glass *glass, const char *expected);

#endif
