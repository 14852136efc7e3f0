/* Turns a scene into the draw list of one frame: the page, the marks around it,
 * and an alert above. Used by the loop and by «render». */
#ifndef GAOSHI_DISPLAY_FRAME_H
#define GAOSHI_DISPLAY_FRAME_H

#include "display/core/board/scene.h"
#include "display/edge/app/page_cache.h"

/* Facts for the frame that are not in the scene. */
struct frame_setting {
    const char *place_name;
    const char *ticker; /* "": none */
    const char *line;   /* one more line of the plain page; NULL: none */
    int64_t clock_ms;   /* clock and countdowns; TIMESTAMP_NONE: not trusted */
    bool news_old;      /* the line is down, or messages are withheld from this
                           screen */
    struct news_reach news;
    int64_t mono_ms;  /* the stage computes moved_ms from it */
    int64_t moved_ms; /* position of an alert's slow movement */
    int64_t hurry_ms; /* fast rehearsal: longest entrance; 0: as in the theme */
};

struct frame_info {
    bool moving;       /* the next frame may differ from this one */
    bool alert_moving; /* because the alert above the programme is entering */
    int64_t step_ms;   /* time until the next step of an alert's slow movement;
                          INT64_MAX: none */
    bool pictures_due; /* a picture of it is still being decoded */
    int64_t next_change_ms; /* wall time at which a held page changes by itself;
                               INT64_MAX: never */
};

/* A frame in which nothing moves or will move. */
extern const struct frame_info frame_still;

/* Which page was shown, and which page of an alert above it. Zeroed: none yet.
 */
struct frame_mark {
    bool known;
    uint64_t showing, alert; /* those of the scene */
};

bool frame_mark_is_of(const struct frame_mark *mark, const struct scene *scene);
/* Sets the mark to this scene. True: it was another one before. */
bool frame_mark_move(struct frame_mark *mark, const struct scene *scene);

/* Fills glass->list anew. A message that cannot be set for lack of memory gives
 * the plain page, so that the glass never stays black. False: no memory for the
 * plain page either; the list is then empty. */
bool frame_compose(struct glass *glass, struct page_cache *cache,
                   const struct scene *scene,
                   const struct frame_setting *setting,
                   struct frame_info *info);

/* The same for commands without a loop: waits until the pictures of the frame
 * are decoded. */
bool frame_compose_whole(struct glass *glass, struct page_cache *cache,
                         const struct scene *scene,
                         const struct frame_setting *setting);

#endif
