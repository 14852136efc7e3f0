/* The mark of a section: simple geometry, drawn. */
#ifndef GAOSHI_DISPLAY_SECTION_MARK_H
#define GAOSHI_DISPLAY_SECTION_MARK_H

#include "display/core/draw/draw_list.h"
#include "protocol/panel.h"

/* The mark as one polygon within a square box. */
struct draw_item section_mark_item(enum panel_section section, struct rect box,
                                   draw_colour colour);

#endif
