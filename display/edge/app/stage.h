/* Shows scenes on the glass: composes, runs transitions, draws and presents
 * changes. Used by the loop's thread. */
#ifndef GAOSHI_DISPLAY_STAGE_H
#define GAOSHI_DISPLAY_STAGE_H

#include "display/edge/app/frame.h"
#include "display/edge/render/window.h"

struct stage {
    struct glass *glass; /* borrowed, like the next two fields */
    struct page_cache *cache;
    struct window *window; /* NULL: the renderer's pixels are the glass */
    uint64_t showing;      /* showing number of the scene drawn last */
    bool any;              /* something was drawn */
    bool in_transition;
    /* setting at the begin of the transition; strings borrowed */
    struct frame_setting at_begin;
    struct page_place alert_place; /* place of an alert above it */
    bool exposed;                  /* present everything next time */
    bool alerting;                 /* the last frame had an alert */
    int64_t alert_ms; /* since when, in terms of setting->mono_ms */
    int64_t moved_ms; /* position of its movement in the last frame */
    int64_t frames;   /* frames presented since the start */
    /* What the last presented frame changed on the glass. */
    struct rect damage[RENDERER_FRAME_MAX];
    size_t damage_count;
    int preparing;    /* turns that drew glyphs for the next page */
    int64_t waits_ms; /* since when the next page waits for its pictures, in
                         terms of setting->mono_ms; 0: it does not */
};

/* The new glyphs of a panel are drawn a few per turn, so that an alert that
 * arrives meanwhile does not wait for all of them. After STAGE_PREPARING_MAX
 * turns the panel is shown anyway, because the atlas may be too small for its
 * glyphs. */
enum { STAGE_GLYPHS_PER_TURN = 64, STAGE_PREPARING_MAX = 64 };

/* A panel waits so long for its pictures to be decoded; then it is shown, and
 * they appear on it. Alerts never wait. */
enum { STAGE_PICTURES_MS = 3000 };

struct stage_result {
    bool presented; /* something changed and was presented */
    bool healthy;   /* nothing failed, whether something changed or not */
    struct frame_info frame;
    bool in_transition;
    bool preparing; /* the old page is still shown: call again at once */
    bool waiting;   /* likewise, but for a picture: call again when it came, or
                       soon */
};

/* Draws the scene as it is now. setting->moved_ms is not read: the stage knows
 * how long an alert has been on the glass. */
struct stage_result stage_draw(struct stage *stage, const struct scene *scene,
                               const struct frame_setting *setting);

/* Makes the glass black, without any page. */
struct stage_result stage_darken(struct stage *stage);

/* Presents one unchanged pixel. True: the window system still accepts frames.
 */
bool stage_prove(struct stage *stage);

/* The window has another size or lost its content. */
void stage_resize(struct stage *stage, int width_px, int height_px);
void stage_expose(struct stage *stage);

/* The glass was made anew: every page is set and drawn anew. */
void stage_renew(struct stage *stage);

#endif
