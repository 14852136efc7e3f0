/* What is shown now, without pixels: the director's result for the loop. */
#ifndef GAOSHI_DISPLAY_SCENE_H
#define GAOSHI_DISPLAY_SCENE_H

#include "display/core/page/presentation.h"
#include "display/core/page/theme.h"
#include "protocol/message.h"

enum scene_kind {
    SCENE_PLAIN, /* nothing to show: the plain page */
    SCENE_PANEL,
    SCENE_ALERT,
    SCENE_CLEAR, /* 解除, for a limited time */
};

/* An alert, or 解除, that shares the glass with the programme. */
struct scene_alert {
    /* borrowed; NULL: no alert beside the programme */
    const struct message *message;
    size_t page;
    struct page_place place;
    int64_t t_ms;     /* how long this page has been shown */
    uint64_t showing; /* changes whenever another page comes; 0: none */
};

struct scene {
    enum scene_kind kind;
    const struct message *message; /* borrowed; NULL for SCENE_PLAIN */
    size_t page;
    struct page_place place;
    int64_t t_ms;                    /* how long this page has been shown */
    enum transition_kind transition; /* the running transition; CUT: none */
    double progress;                 /* of the transition, 0 … 1 */
    int position, total;             /* of the cycle, from 1 */
    uint64_t showing;                /* changes with every new page */
    int64_t next_ms;                 /* monotonic time of the next change */
    struct scene_alert alert;        /* above the programme */
};

/* An alert or 解除 is on the glass, alone or above the programme. */
static inline bool scene_is_alerting(const struct scene *scene)
{
    return scene->alert.message || scene->kind == SCENE_ALERT ||
           scene->kind == SCENE_CLEAR;
}

#endif
