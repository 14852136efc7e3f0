/* Draws pages of messages as a screen would show them, without a broker, a
 * window or a clock: for «render» and for its service. */
#ifndef GAOSHI_DISPLAY_DRAWING_H
#define GAOSHI_DISPLAY_DRAWING_H

#include "display/edge/app/known_figures.h"
#include "display/edge/app/page_cache.h"
#include "display/edge/config/config.h"

/* Must not move after drawing_open: the glass borrows its zone. */
struct drawing {
    /* Set by the caller: the glass, and of the flags size, furniture, safe,
     * pictures, now_ms, at_ms, alert_page and alerts. Only the last four may
     * change while it is open. */
    struct config config;
    struct message *alert; /* with a panel; borrowed; NULL: none */
    struct message *over;  /* the panel beside an alert; borrowed; NULL: none */
    struct zone zone;      /* if the configuration names one */
    struct glass glass;
    struct page_cache *cache;
    struct known_figures figures;
    struct album *album; /* NULL: no pictures */
};

/* On failure, too, drawing_close. */
bool drawing_open(struct drawing *drawing, const struct data_path *data,
                  struct problem *problem);
void drawing_close(struct drawing *drawing); /* zeroed: nothing */

/* Prepares a message as a screen does when it takes it in: texts that no font
 * can set leave it (message->left_out names them), a panel without a time of
 * issue gets one, its pictures are looked for. Pages of other messages are
 * forgotten, because drafts may have the same id. */
bool drawing_prepare(struct drawing *drawing, struct message *message,
                     struct problem *problem);

/* How many pages it has; 0: a message of this kind has none, and the problem
 * says so. */
size_t drawing_pages(struct drawing *drawing, const struct message *message,
                     struct problem *problem);

/* Composes a page (from 0) into drawing->glass.list. message NULL: the plain
 * page. */
bool drawing_compose(struct drawing *drawing, const struct message *message,
                     size_t page, size_t pages, struct problem *problem);

/* Paints the list; valid until the next call. */
struct renderer_pixels drawing_paint(struct drawing *drawing);

#endif
