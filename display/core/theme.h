/* Colours, sizes, durations and wording of the glass, read from an ini file
 * (data/themes/). Pure: text in, theme or problem out. */
#ifndef GAOSHI_DISPLAY_THEME_H
#define GAOSHI_DISPLAY_THEME_H

#include "display/core/draw_list.h"
#include "protocol/alert.h"
#include "protocol/panel.h"
#include "protocol/problem.h"

enum transition_kind {
    TRANSITION_CUT,
    TRANSITION_FADE,
    TRANSITION_SLIDE,
    TRANSITION_WIPE,
    TRANSITION_COUNT
};

enum motion_level { MOTION_FULL, MOTION_REDUCED, MOTION_NONE };

struct theme_section {
    char label[64]; /* 品质二七, as the frame shows it */
    draw_colour accent;
    enum transition_kind transition; /* into the section */
};

struct theme {
    char name[64];
    draw_colour ground, card, text, muted, rule;
    struct theme_section sections[SECTION_COUNT];
    struct {
        draw_colour ground, text;
        char word[32]; /* 红色预警 */
    } levels[ALERT_LEVEL_COUNT];
    draw_colour drill_ground, drill_text;
    draw_colour clear_ground, clear_text; /* 解除 */
    double size_ratio;      /* between steps of the size scale */
    int count_up_ms;        /* a figure runs to its value */
    int line_step_ms;       /* between lines that come in */
    int line_fade_ms;       /* of one line */
    int transition_ms;      /* between pages */
    int dwell_floor_ms;     /* a static page stands at least so long */
    int dwell_base_ms;      /* plus, of the reading rule */
    int dwell_per_character_ms;
};

/* Every key must be there and right: file:line: key: what was expected.
 * name stands for the file in problems. */
bool theme_parse(const char *text, const char *name, struct theme *out,
                 struct problem *problem);

/* WCAG 2.x contrast of two opaque colours, 1 … 21. */
double colour_contrast(draw_colour a, draw_colour b);

#endif
