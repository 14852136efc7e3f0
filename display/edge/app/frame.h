/* A scene becomes the draw list of one frame: the page, the furniture around
 * it, and an alert above. The same for the loop and for «render». */
#ifndef GAOSHI_DISPLAY_FRAME_H
#define GAOSHI_DISPLAY_FRAME_H

#include "display/core/board/scene.h"
#include "display/edge/app/page_cache.h"

/* What the screen knows besides the scene. */
struct frame_setting {
    const char *place_name;
    const char *ticker; /* "": none */
    const char *line;   /* one more line of the plain page; NULL: none */
    int64_t clock_ms;   /* clock and countdowns; TIMESTAMP_NONE: not trusted */
    bool news_old;      /* no line, or something is kept from this screen */
    struct news_reach news;
    int64_t mono_ms;  /* from which the stage computes the next */
    int64_t moved_ms; /* how far the slow movement of an alert is */
    int64_t hurry_ms; /* a rehearsal in a hurry: entrances last no longer;
                         0: as the theme has them */
};

struct frame_info {
    bool moving;       /* the next frame may differ from this one */
    bool alert_moving; /* because the alert above the programme comes in */
    int64_t step_ms;   /* until an alert's slow movement takes its next step;
                          INT64_MAX: there is none */
    int64_t next_change_ms; /* wall clock: a held page changes by itself;
                               INT64_MAX: never */
};

/* Nothing moves, nothing will. */
extern const struct frame_info frame_still;

/* Which page stood, and which one of an alert above it. Zeroed: none yet. */
struct frame_mark {
    bool known;
    uint64_t showing, alert; /* of the scene */
};

bool frame_mark_is_of(const struct frame_mark *mark, const struct scene *scene);
/* True: the mark was of another scene, and is of this one now. */
bool frame_mark_move(struct frame_mark *mark, const struct scene *scene);

/* Fills glass->list anew. A message that cannot be set for want of memory
 * gives the plain page: the glass never stays black. False: no memory for
 * the plain page either; the list is then empty. */
bool frame_compose(struct glass *glass, struct page_cache *cache,
                   const struct scene *scene,
                   const struct frame_setting *setting,
                   struct frame_info *info);

#endif
