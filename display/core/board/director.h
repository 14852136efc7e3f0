/* What stands on the glass now: which panel or alert, which page of it, since
 * when. Knows neither pixels nor lifecycles: it is given what may be shown,
 * and says what is. Pure. */
#ifndef GAOSHI_DISPLAY_DIRECTOR_H
#define GAOSHI_DISPLAY_DIRECTOR_H

#include "display/core/alerts/situation.h"
#include "display/core/board/scene.h"
#include "display/core/validation/board_terms.h"

/* How the pages of a message are counted and timed, and what the glass has
 * room for: the layout's answers, given to the director as functions so that
 * it knows no pixels. */
struct page_plan {
    void *context;
    size_t (*pages)(void *context, const struct message *message,
                    const struct page_place *place);
    int64_t (*dwell_ms)(void *context, const struct message *message,
                        const struct page_place *place, size_t page);
    /* NULL: there is room for everything. */
    enum presentation (*fit)(void *context, enum presentation wanted);
};

/* A page stands at least so long, whatever the plan says: no plan can make
 * the glass flicker or the loop spin. */
enum { DIRECTOR_DWELL_MIN_MS = 1000 };

/* While an emergency goes on, so many pages of other panels stand between two
 * of its own panels, which stand whole. */
enum { DIRECTOR_PAGES_BETWEEN_SITUATIONS = 1 };

struct director_options {
    struct page_plan plan;
    int transition_ms; /* 0: cuts */
    enum transition_kind transitions[SECTION_COUNT];
    enum presentation presentations[ALERT_LEVEL_COUNT];
    enum situation_share situation;
};

/* What may be shown at a moment; borrowed. */
struct director_stage {
    const struct message *const *panels; /* in the programme's order */
    size_t panel_count;
    const struct message *const *alerts; /* gravest first */
    size_t alert_count;
    const struct message *clear;  /* stands before alerts; NULL: none */
    enum alert_level clear_level; /* of what it cleared */
    /* A situation that is over, told once before the other panels: one of
     * them, or what is left of one that was removed; NULL: none */
    const struct message *farewell;
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

/* Every page of the farewell has stood its time: it is not to come again. */
bool director_has_told(const struct director *director,
                       const struct message *farewell);

void director_pause(struct director *director, bool paused,
                    const struct moment *now);

/* +1: the next page, −1: the one before; over the ends of panels, or of
 * alerts where they have the whole glass. Nothing moves while 解除 has it. */
void director_step(struct director *director,
                   const struct director_stage *stage, int direction,
                   const struct moment *now);

#endif
