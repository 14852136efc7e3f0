/* A director with a stage that the test sets by hand, message by message. */
#ifndef GAOSHI_TESTS_SUPPORT_GLASS_H
#define GAOSHI_TESTS_SUPPORT_GLASS_H

#include "display/core/board/director.h"
#include "tests/support/made_message.h"

enum {
    GLASS_DWELL_MS = 10000, /* of a page; of ids with 'l' first three times */
    GLASS_MOVE_MS = 800,    /* of a transition, where there is one */
    GLASS_STAGE_MAX = 8
};

/* An id ends in the count of its pages: "b2" has two; one that begins with 's'
 * has twice as many below an alert. */
struct glass {
    struct director *director;
    struct message *panels[GLASS_STAGE_MAX];
    struct message *alerts[GLASS_STAGE_MAX];
    struct message *clear; /* set by the test; owned */
    enum alert_level clear_level;
    struct message *farewell; /* likewise owned */
    size_t panel_count, alert_count;
    struct panel_list lists[GROUP_COUNT]; /* made of panels by glass_stage */
    struct moment now;
};

/* Every alert has the whole glass … */
struct glass *glass_start(int transition_ms);
/* … or yellow and unknown its upper part, blue a banner. */
struct glass *glass_start_sharing(int transition_ms,
                                  enum situation_share situation);
/* … or what is said for each level. */
struct glass *
glass_start_as(const enum presentation presentations[ALERT_LEVEL_COUNT]);
void glass_stop(struct glass *glass);

struct director_stage glass_stage(struct glass *glass);
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

/* The alert beside the programme: id/page, or nothing. */
void glass_expect_beside(const struct glass *glass, const char *expected);

/* id/page, or nothing for the plain page. */
void glass_expect(const struct glass *glass, const char *expected);

#endif
