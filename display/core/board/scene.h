/* What stands on the glass now, said without pixels: the director's word to
 * the loop. */
#ifndef GAOSHI_DISPLAY_SCENE_H
#define GAOSHI_DISPLAY_SCENE_H

#include "display/core/page/presentation.h"
#include "display/core/page/theme.h"
#include "protocol/message.h"

enum scene_kind {
    SCENE_PLAIN, /* nothing to show: the plain page */
    SCENE_PANEL,
    SCENE_ALERT,
    SCENE_CLEAR, /* 解除, for a bounded time */
};

/* An alert, or 解除, that shares the glass with the programme. */
struct scene_alert {
    const struct message *message; /* borrowed; NULL: none beside */
    size_t page;
    struct page_place place;
    int64_t t_ms;     /* since this page came, monotonic */
    uint64_t showing; /* changes whenever another page comes; 0: none */
};

struct scene {
    enum scene_kind kind;
    const struct message *message; /* borrowed; NULL for SCENE_PLAIN */
    size_t page;
    struct page_place place;
    int64_t t_ms;                    /* since this page came, monotonic */
    enum transition_kind transition; /* running now; CUT: none */
    double progress;                 /* of the transition, 0 … 1 */
    int position, total;             /* of the cycle, from 1 */
    uint64_t showing;                /* changes whenever another page comes */
    int64_t next_ms;          /* monotonic: when the scene changes next */
    struct scene_alert alert; /* above the programme */
};

#endif
