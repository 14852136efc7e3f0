/* What stands on the glass now: which panel or alert, which page of it, since
 * when. Knows neither pixels nor lifecycles: it is given what may be shown,
 * and says what is. Pure. */
#ifndef GAOSHI_DISPLAY_DIRECTOR_H
#define GAOSHI_DISPLAY_DIRECTOR_H

#include "display/core/board_terms.h"
#include "display/core/scene.h"

/* How the pages of a message are counted and timed: the layout's answer,
 * given to the director as a function so that it knows no pixels. */
struct page_plan {
    void *context;
    size_t (*pages)(void *context, const struct message *message);
    int64_t (*dwell_ms)(void *context, const struct message *message,
                        size_t page);
};

/* A page stands at least so long, whatever the plan says: no plan can make
 * the glass flicker or the loop spin. */
enum { DIRECTOR_DWELL_MIN_MS = 1000 };

struct director_options {
    struct page_plan plan;
    int transition_ms; /* 0: cuts */
    enum transition_kind transitions[SECTION_COUNT];
};

/* What may be shown at a moment; borrowed. */
struct director_stage {
    const struct message *const *panels; /* in the programme's order */
    size_t panel_count;
    const struct message *const *alerts; /* gravest first */
    size_t alert_count;
    const struct message *clear; /* stands before alerts; NULL: none */
};

struct director;

struct director *director_create(const struct director_options *options);
void director_destroy(struct director *director); /* NULL: nothing */

/* Moves on to now. Messages that director_scene gave before may be gone; the
 * stage's stay until the next advance. */
void director_advance(struct director *director,
                      const struct director_stage *stage,
                      const struct moment *now);

struct scene director_scene(const struct director *director,
                            const struct moment *now);

void director_pause(struct director *director, bool paused,
                    const struct moment *now);

/* +1: the next page, −1: the one before; over the ends of panels and alerts.
 * Nothing moves while 解除 stands. */
void director_step(struct director *director,
                   const struct director_stage *stage, int direction,
                   const struct moment *now);

#endif
