/* One line of text without breaks and with digits of equal width: figures
 * that count, the clock, dates. Cheap enough for every frame. */
#ifndef GAOSHI_DISPLAY_PAGE_RUN_H
#define GAOSHI_DISPLAY_PAGE_RUN_H

#include "display/core/draw/draw_list.h"

/* Width of the text on one line. */
type_length page_run_width(const struct type_metrics *metrics,
                           enum type_role role, int size_px, const char *text);

/* From the origin of a first digit to its ink: the eye sees a margin at the
 * ink, and a great 1 begins a tenth of its em behind it. 0 for other
 * characters, and where the metrics do not know. */
int page_run_ink_px(const struct type_metrics *metrics, enum type_role role,
                    int size_px, const char *text);

/* A text item whose first glyph begins at x. Strings and glyphs must outlive
 * the item: glyphs has room for as many as the text has bytes. */
struct draw_item page_run_item(const struct type_metrics *metrics,
                               enum type_role role, int size_px,
                               const char *text, struct typeset_glyph *glyphs);

/* Moves the item so that its first glyph begins at x. */
void page_run_place(struct draw_item *item, int x, int baseline_y);

/* Sets and adds a line in the list's own memory. False: no memory. */
bool page_run_draw(const struct type_metrics *metrics, enum type_role role,
                   int size_px, const char *text, int x, int baseline_y,
                   draw_colour colour, struct draw_list *out);

/* 1/64 pixel to whole pixels, upwards. */
int type_pixels(type_length length);

#endif
