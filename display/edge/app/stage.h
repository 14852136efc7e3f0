/* Brings scenes onto the glass: composes, runs transitions, draws and
 * presents what changed. The loop's thread. */
#ifndef GAOSHI_DISPLAY_STAGE_H
#define GAOSHI_DISPLAY_STAGE_H

#include "display/edge/app/frame.h"
#include "display/edge/render/window.h"

struct stage {
    struct glass *glass; /* borrowed, as the next two */
    struct page_cache *cache;
    struct window *window; /* NULL: the renderer's pixels are the glass */
    uint64_t showing;      /* of the scene that was drawn last */
    bool any;              /* something was drawn */
    bool in_transition;
    struct frame_setting at_begin; /* of the transition; strings borrowed */
    struct page_place alert_place; /* of an alert above it */
    bool exposed;                  /* present everything next time */
    bool alerting;                 /* an alert stood in the last frame */
    int64_t alert_ms;              /* since when, as setting->mono_ms */
    int64_t moved_ms;              /* of its movement, in the last frame */
    int64_t frames;                /* presented since the start */
    int preparing;                 /* turns that drew glyphs of the page to
                                      come */
};

/* The new glyphs of a panel are drawn a few a turn, so that an alert which
 * comes meanwhile does not wait for all of them. After STAGE_PREPARING_MAX
 * turns the panel is shown anyway: the atlas may be too small for its glyphs.
 */
enum { STAGE_GLYPHS_PER_TURN = 64, STAGE_PREPARING_MAX = 64 };

struct stage_result {
    bool presented; /* something changed, and it stands on the glass */
    bool healthy;   /* nothing failed, whether something changed or not */
    struct frame_info frame;
    bool in_transition;
    bool preparing; /* the old page stands: call again at once */
};

/* Draws the scene as it is at this moment. setting->moved_ms is not read: the
 * stage knows how long an alert has been on the glass. */
struct stage_result stage_draw(struct stage *stage, const struct scene *scene,
                               const struct frame_setting *setting);

/* Presents one pixel unchanged. True: the window system still takes frames. */
bool stage_prove(struct stage *stage);

/* The window has another size, or lost what it showed. */
void stage_resize(struct stage *stage, int width_px, int height_px);
void stage_expose(struct stage *stage);

/* Every page is set anew, and all of the glass is drawn anew. */
void stage_reload(struct stage *stage);

#endif
