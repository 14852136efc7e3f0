/* What «render» draws: a page of a message, alone or below an alert, as the
 * loop would show it. */
#ifndef GAOSHI_DISPLAY_RENDER_SCENE_H
#define GAOSHI_DISPLAY_RENDER_SCENE_H

#include "base/data_path.h"
#include "display/core/board/scene.h"
#include "display/edge/app/page_cache.h"
#include "display/edge/config/config.h"

enum { RENDER_SCENE_AT_REST = -1 };

/* Everything is borrowed. */
struct render_scene {
    const struct config *config;
    const struct glass *glass;
    struct page_cache *cache;
    int64_t at_ms; /* how long pages have been shown; RENDER_SCENE_AT_REST:
                      until their entrance is over */
    const struct message *alert; /* with the panel; NULL: none */
    size_t alert_page;           /* from 0 */
    const struct message *over;  /* the panel beside an alert; NULL: alerts are
                                    pages of their own */
    int alerts; /* how many alerts are in force; this one leads */
};

/* Reads a message from a file: a draft, or a captured one. file "-": standard
 * input. Skips the envelope line of a signed message without verifying it, so
 * never use this for what a screen shows. The caller owns *out. */
bool render_scene_read_file(const char *file, struct message **out,
                            struct problem *problem);

/* Reads a message that must be of that kind. The caller ends it with
 * message_destroy. */
bool render_scene_read(const char *file, enum message_kind kind,
                       struct message **out, struct problem *problem);

/* The panel below alerts: a file, or «sample», the panel of data/samples that
 * stands for a screen's programme. */
#define RENDER_SCENE_SAMPLE "sample"
bool render_scene_read_over(const char *file, const struct data_path *data,
                            struct message **out, struct problem *problem);

/* The place for which the message's pages are set. */
struct page_place render_scene_place(const struct render_scene *wanted,
                                     const struct message *message);

/* message NULL: the plain page. */
struct scene render_scene_make(const struct render_scene *wanted,
                               const struct message *message, size_t page,
                               size_t pages);

#endif
