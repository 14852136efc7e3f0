/* A panel: one idea for people who pass by. It contains only content; theme and
 * template decide how it looks. */
#ifndef GAOSHI_PROTOCOL_PANEL_H
#define GAOSHI_PROTOCOL_PANEL_H

#include "base/problem.h"
#include "protocol/decimal.h"
#include "protocol/json_read.h"
#include "protocol/limits.h"
#include "protocol/picture.h"
#include "protocol/schedule.h"

#include <jansson.h>

enum panel_section {
    SECTION_QUALITY,   /* "quality"   品质, gold */
    SECTION_GARDEN,    /* "garden"    田园, green */
    SECTION_WARMTH,    /* "warmth"    温暖, coral */
    SECTION_EMERGENCY, /* "emergency" 应急, blue */
    SECTION_GENERAL,   /* "general"   everything else */
    SECTION_COUNT
};

enum panel_template {
    TEMPLATE_TITLE,      /* a section opens: title, subtitle */
    TEMPLATE_FIGURE,     /* one big figure */
    TEMPLATE_FIGURES,    /* two to eight figures */
    TEMPLATE_COMPARISON, /* now against a baseline, two bars */
    TEMPLATE_SHARE,      /* part of a whole, a ring */
    TEMPLATE_YEARS,      /* a number of years in a row */
    TEMPLATE_HONOURS,    /* a list of names with what they are */
    TEMPLATE_GROWTH,     /* a value over time, columns or a line */
    TEMPLATE_PLACE,      /* a place: name, address, what is there */
    TEMPLATE_NOTICE,     /* text, date, sender */
    TEMPLATE_COUNTDOWN,  /* days, then hours, until a moment */
    TEMPLATE_QR,         /* a code to scan, with a caption */
    TEMPLATE_PHOTO,      /* a photograph over the whole page, its caption */
    TEMPLATE_POSTER,     /* a whole picture, never cropped */
    TEMPLATE_SERIES,     /* photographs of one story, a page each */
    TEMPLATE_SITUATION,  /* current figures of an emergency, with their time */
    TEMPLATE_COUNT
};

/* Which way a figure moves; drawn as an arrow after its unit. */
enum panel_trend {
    TREND_NONE,   /* "none", or not given */
    TREND_UP,     /* "up" */
    TREND_DOWN,   /* "down" */
    TREND_STEADY, /* "steady" */
    TREND_COUNT
};

/* «超» 68.45 «平方公里». Texts are never NULL; an absent text is "". */
struct panel_figure {
    const char *label;     /* what it is; may be "" for the only figure */
    const char *qualifier; /* 超 约 近: stands before the figure */
    struct decimal value;
    const char *unit;   /* 亿元, %, 万平方米 */
    const char *suffix; /* 余 多 +: stands behind digits, before the unit */
    const char *note;   /* a small line below */
    enum panel_trend trend;
    /* The live figure whose value it shows; "": none. Until one is known it
     * shows `value`. */
    const char *bind;
};

struct panel_item {
    const char *text;   /* name */
    const char *detail; /* honour, explanation; may be "" */
};

struct panel_point {
    const char *label; /* 2016 */
    struct decimal value;
};

/* A picture that the panel names. Width and height as it is seen, which is
 * after its rotation. */
struct panel_picture {
    const char *digest; /* SHA-256 in hexadecimal digits */
    enum picture_type type;
    int bytes;
    int width, height;
    int focus_x, focus_y; /* 0 … 1000 of width and height: what a crop keeps */
    const char *caption;  /* "" if absent, likewise below */
    const char *credit;   /* who took it */
    const char *ground;   /* "#rrggbb" like its edges; "": the theme's */
};

struct panel_level_step {
    const char *level; /* Ⅳ, Ⅲ, 终止 */
    int64_t at_ms;
};

/* The words of a panel in another language than Chinese. Texts are never NULL.
 */
struct panel_text {
    const char *language; /* BCP 47: ug, bo, kk-Arab, en */
    const char *title;
    const char *subtitle;
    const char *body; /* notice */
};

/* All strings are UTF-8 and belong to the message's JSON tree. docs/protocol.md
 * and the table in panel.c say which fields a template needs and allows. */
struct panel {
    enum panel_template template;
    bool unknown_template; /* a template of a later version: only the texts can
                              be shown, and `template` has no meaning */
    enum panel_section section;
    int order; /* 0 … 9999: place within its section, then by id */
    struct schedule schedule;
    /* After this time without news its live figures are marked as old; 0:
     * never.
     */
    int stale_after_s;

    const char *title;    /* the subject */
    const char *subtitle; /* "" if absent, as every text below */
    const char *icon; /* name of a pictogram; one that a screen does not know is
                         left out */
    struct panel_text texts[LIMIT_LANGUAGES]; /* in the message's order */
    size_t text_count;
    struct panel_figure figures[LIMIT_FIGURES]; /* [0] is the main figure */
    size_t figure_count;
    struct panel_item items[LIMIT_ITEMS];
    size_t item_count;
    const char *lines[LIMIT_LINES]; /* context, one line each */
    size_t line_count;

    /* comparison: the main figure is compared with this */
    const char *now_label;         /* 2020 年 */
    const char *baseline_label;    /* 2015 年 */
    bool baseline_known;           /* baseline_value was given */
    struct decimal baseline_value; /* in the unit of the main figure */
    bool ratio_known;              /* ratio was given */
    struct decimal ratio; /* now ÷ baseline, > 0; computed and rounded to two
                             places if not given */
    const char *ratio_qualifier; /* 近, 约, 超 */
    const char *statement;       /* overrides «是 2015 年的 1.64 倍» */

    /* share: what the whole is; the main figure is in percent */
    const char *whole;

    int years;          /* years: how many in a row */
    int last_year;      /* 0 if not given */
    const char *honour; /* years: the honour that was kept */

    struct panel_point points[LIMIT_POINTS]; /* growth */
    size_t point_count;
    bool growth_is_line;
    const char *unit; /* of the points */

    const char *address; /* place */
    const char *body;    /* notice: paragraphs parted by \n */
    const char *sender;  /* notice, situation */
    int64_t date_ms;  /* notice date, situation «as of»; or TIMESTAMP_NONE */
    int64_t until_ms; /* countdown; or TIMESTAMP_NONE */
    const char *finished; /* countdown: the text after the moment */
    const char *url;      /* qr */
    const char *caption;  /* qr */

    struct panel_picture pictures[LIMIT_PICTURES];
    size_t picture_count;

    const char *level; /* situation: response level now, "" if none */
    struct panel_level_step history[LIMIT_HISTORY];
    size_t history_count;
};

/* Reads the "panel" object; strings are borrowed from it. Unknown fields,
 * fields that the template does not have, missing fields and texts over their
 * limit are refused with the field's path. */
bool panel_read(json_t *object, struct panel *out, struct json_passed *passed,
                struct problem *problem);

/* Whether one of its figures is bound to a live one. */
bool panel_is_live(const struct panel *panel);

const char *panel_section_name(enum panel_section section);
const char *panel_template_name(enum panel_template template);

/* Whether a panel of the template may have the field, or must have it. Every
 * panel may have the fields of all templates, such as title. */
bool panel_template_has(enum panel_template template, const char *field);
bool panel_template_needs(enum panel_template template, const char *field);

/* See message_visit_texts. */
void panel_visit_texts(const struct panel *panel, json_visit *visit,
                       void *context);

#endif
