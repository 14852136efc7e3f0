/* Decides what is shown now: which panel or alert, and which of its pages. It
 * gets the list of what may be shown, and knows neither pixels nor the
 * lifecycle of alerts. Pure. */
#ifndef GAOSHI_DISPLAY_DIRECTOR_H
#define GAOSHI_DISPLAY_DIRECTOR_H

#include "display/core/alerts/situation.h"
#include "display/core/board/panel_list.h"
#include "display/core/board/scene.h"
#include "display/core/validation/board_terms.h"

/* The number and the times of a message's pages, and what fits on the glass.
 * The layout answers this through functions, so that the director knows no
 * pixels. */
struct page_plan {
    void *context;
    size_t (*pages)(void *context, const struct message *message,
                    const struct page_place *place);
    int64_t (*dwell_ms)(void *context, const struct message *message,
                        const struct page_place *place, size_t page);
    /* NULL: everything fits. */
    enum presentation (*fit)(void *context, enum presentation wanted);
};

/* The shortest time for a page, whatever the plan says, so that a wrong plan
 * can neither make the glass flicker nor keep the loop busy. */
enum { DIRECTOR_DWELL_MIN_MS = 1000 };

/* While an emergency continues, this many pages of other panels come between
 * two of its panels. All pages of one of its panels come in a row. */
enum { DIRECTOR_PAGES_BETWEEN_SITUATIONS = 1 };

struct director_options {
    struct page_plan plan;
    int transition_ms; /* 0: cuts */
    enum transition_kind transitions[SECTION_COUNT];
    enum presentation presentations[ALERT_LEVEL_COUNT];
    enum situation_share situation;
};

/* What may be shown now; borrowed. */
struct director_stage {
    const struct panel_list *panels[GROUP_COUNT];
    /* The panel with the id that director_panel tells, in the edition that the
     * glass may show: it may be in no list any more, because its hours are over
     * (then its page stays for its time). NULL: it is gone. */
    const struct message *standing;
    const struct message *const *alerts; /* gravest first */
    size_t alert_count;
    const struct message *clear;  /* shown before alerts; NULL: none */
    enum alert_level clear_level; /* level of the alert that it ended */
    /* A situation that is over, shown once before the other panels: one of
     * them, or the rest of one that was removed; NULL: none */
    const struct message *farewell;
};

static inline bool director_stage_has_panels(const struct director_stage *stage)
{
    for (int i = 0; i < GROUP_COUNT; i++)
        if (stage->panels[i]->count > 0)
            return true;
    return false;
}

struct director;

struct director *director_create(const struct director_options *options);
void director_destroy(struct director *director); /* NULL: nothing */

/* The panel that the programme shows or showed last. */
struct director_panel {
    char id[LIMIT_IDENTIFIER_BYTES + 1]; /* "": none yet */
    char scope[SCOPE_BYTES];
    int64_t seq;
};
struct director_panel director_panel(const struct director *director);

/* Advances to now. Messages that director_scene returned before may be gone;
 * those of the stage must stay until the next advance. */
void director_advance(struct director *director,
                      const struct director_stage *stage,
                      const struct moment *now);

struct scene director_scene(const struct director *director,
                            const struct moment *now);

/* Whether every page of the farewell was shown for its time, so that it need
 * not come again. */
bool director_has_told(const struct director *director,
                       const struct message *farewell);

void director_pause(struct director *director, bool paused,
                    const struct moment *now);

/* Moves the shown page on in its own time, or back, within the page: a page
 * that is in transition arrives at once. An alert beside the programme stays.
 */
void director_seek(struct director *director, int64_t delta_ms,
                   const struct moment *now);

/* direction is +1 for the next page and −1 for the one before. It goes on to
 * the next panel of the same group, or to the next alert if alerts have the
 * whole glass. While 解除 has the whole glass, nothing moves. */
void director_step(struct director *director,
                   const struct director_stage *stage, int direction,
                   const struct moment *now);

#endif
