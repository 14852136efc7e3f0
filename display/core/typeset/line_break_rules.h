/* Inside line_break: graphemes with their classes, and the rules that lower
 * or raise what ICU said about the breaks between them. */
#ifndef GAOSHI_DISPLAY_LINE_BREAK_RULES_H
#define GAOSHI_DISPLAY_LINE_BREAK_RULES_H

#include "display/core/typeset/line_break.h"

#include <uchar.h>

enum break_class {
    BREAK_SPACE = 1 << 0,    /* may vanish at a line's edge */
    BREAK_NEWLINE = 1 << 1,  /* ends a paragraph */
    BREAK_NO_START = 1 << 2, /* must not begin a line */
    BREAK_NO_END = 1 << 3,   /* must not end a line */
    BREAK_HAN = 1 << 4,      /* ideographs and kana */
    BREAK_DIGIT = 1 << 5,
    BREAK_LETTER = 1 << 6,  /* Latin */
    BREAK_WESTERN = 1 << 7, /* Latin letters, digits, ASCII marks */
    BREAK_OPENING_QUOTE = 1 << 8,
    BREAK_CLOSING_QUOTE = 1 << 9,
    BREAK_INTERPUNCT = 1 << 10,
    BREAK_DASH = 1 << 11, /* joins the two ends of a range */
    BREAK_WIDE_MARK = 1 << 12,
    BREAK_CURRENCY = 1 << 13,
    BREAK_SCRIPT = 1 << 14, /* may be of a script that is shaped */
    /* Words of data/words/ begin with it, or it is one. */
    BREAK_WORD = 1 << 15,
    BREAK_HEAD = 1 << 16,
    BREAK_OPENER = 1 << 17,
    BREAK_SUFFIX = 1 << 18,
    BREAK_PARTICLE = 1 << 19,
    BREAK_ENCLITIC = 1 << 20,
    BREAK_CONNECTIVE = 1 << 21,
};

unsigned break_class_of(uint32_t codepoint);

/* A grapheme: its first code point stands for it. */
struct break_cell {
    uint32_t codepoint;
    uint32_t last_point;
    uint32_t classes; /* enum break_class */
    uint8_t after;    /* enum line_break */
};

struct break_cells {
    struct break_cell *at;
    size_t count;
};

/* In this order. Each is linear in the count. */
void break_rule_quotes(struct break_cells cells);
void break_rule_prohibitions(struct break_cells cells);
void break_rule_codes(struct break_cells cells); /* C++, PM2.5, URLs */
void break_rule_names(struct break_cells cells); /* 艾力·买买提 */
void break_rule_numbers(struct break_cells cells);
void break_rule_solidus(struct break_cells cells); /* 元/㎡·天 */
void break_rule_times(struct break_cells cells);   /* 20:30 前 */
/* （周六）; of a title every quotation. */
void break_rule_groups(struct break_cells cells, bool title);

/* Of a text whose words were asked for. */
void break_rule_words(struct line_breaks breaks);

#endif
