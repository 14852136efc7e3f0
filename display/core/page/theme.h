/* Colours, sizes, durations and wording of the glass, read from an ini file
 * (data/themes/). Pure: text in, theme or problem out. */
#ifndef GAOSHI_DISPLAY_THEME_H
#define GAOSHI_DISPLAY_THEME_H

#include "base/problem.h"
#include "display/core/draw/draw_list.h"
#include "protocol/alert.h"
#include "protocol/panel.h"

enum transition_kind {
    TRANSITION_CUT,
    TRANSITION_FADE,
    TRANSITION_SLIDE,
    TRANSITION_WIPE,
    TRANSITION_COUNT
};

enum motion_level { MOTION_FULL, MOTION_REDUCED, MOTION_NONE };

/* Wording of the pages; {…} are slots that words_fill replaces. */
enum theme_word {
    WORD_DRILL,        /* 演练 DRILL: mark of an exercise */
    WORD_TEST,         /* 测试 TEST */
    WORD_CLEAR,        /* 已解除: an alert has ended */
    WORD_ENDED,        /* label of when it did */
    WORD_REMAINING,    /* {count}: alerts still in force beside 解除 */
    WORD_ALL_CLEAR_EN, /* {event} */
    WORD_ENDED_EN,     /* {event}: while others are in force */
    WORD_RATIO,        /* {baseline} {qualifier} {ratio} */
    WORD_DECLINE,      /* {baseline} {qualifier} {percent}: a ratio below 1 */
    WORD_SHARE,        /* {whole} */
    WORD_RUNNING,      /* 连续: before the number of years */
    WORD_YEARS,        /* 年: behind it */
    WORD_UNIT,         /* {unit}: over a chart */
    WORD_DAYS,         /* 天 */
    WORD_HOURS,        /* 小时 */
    WORD_MINUTES,      /* 分钟 */
    WORD_UNTIL_DATE,   /* {date}: a countdown without a clock */
    WORD_DATE,         /* {year} {month} {day} */
    WORD_DAY,          /* {month} {day} */
    WORD_DAY_TIME,     /* {month} {day} {time} */
    WORD_WEEKDAYS,     /* seven, Sunday first, parted by spaces */
    WORD_AREA,         /* label of an alert's area */
    WORD_ISSUED,       /* label of its time of issue */
    WORD_EXPIRES,      /* label of its end */
    WORD_SENDER,       /* label of who says it */
    WORD_CONTACTS,     /* label of telephone numbers */
    WORD_SCAN,         /* beside the code of where more is told */
    WORD_RESPONSE,     /* {level}: response level */
    WORD_OVER,         /* 应急响应终止 */
    WORD_STACK,        /* {position} {total}: of several alerts */
    WORD_AS_OF,        /* {time}: of live figures */
    WORD_STALE,        /* {time}: nothing new came since */
    WORD_STALE_OF,     /* {label} {time}: for one of several figures */
    WORD_NEWS,         /* {age}: how old the news is */
    WORD_NEWS_UNTIL,   /* {time}: up to when the news reaches */
    WORD_NO_NEWS,      /* none ever came */
    WORD_SAFE,         /* 安全模式: beside the place's name */
    WORD_AGE_MINUTES,  /* {count} */
    WORD_AGE_HOURS,    /* {count} */
    WORD_AGE_DAYS,     /* {count} */
    WORD_AGE_NOW,      /* under a minute */
    WORD_COUNT
};

enum { THEME_TEXT_BYTES = 96 };

struct theme_section {
    char label[THEME_TEXT_BYTES]; /* 品质二七, as the frame shows it */
    draw_colour ground, accent;
    draw_colour field, field_text;   /* ground of its title pages and of its
                                        single figures, and what stands on it */
    enum transition_kind transition; /* into the section */
};

/* What a page costs the reader: the composer sets each content in the way
 * that costs least. Whole numbers; 100 is a page. */
struct compose_weights {
    int page;   /* each page after the first */
    int law;    /* a hero under its least height; a page that is too full */
    int hero;   /* digits of no height instead of the theme's share */
    int body;   /* text at half of its size */
    int air;    /* gaps and leading at their least */
    int width;  /* a body's width of which nothing is used */
    int parted; /* each word that is broken, each line that a title has more */
    int below;  /* a unit below its digits */
    int widow;  /* an empty last page */
};

struct theme {
    char name[THEME_TEXT_BYTES];
    draw_colour ground, card, text, muted, rule;
    draw_colour past; /* of bars and columns beside that of the present */
    struct theme_section sections[SECTION_COUNT];
    struct {
        draw_colour ground, text;
        draw_colour movement;        /* of the marks along the edge */
        char word[THEME_TEXT_BYTES]; /* 红色预警 */
    } levels[ALERT_LEVEL_COUNT];
    draw_colour drill_ground, drill_text;
    draw_colour clear_ground, clear_text; /* 解除 */
    draw_colour code_ground, code_dark;   /* QR: dark on light, always */
    double size_ratio;                    /* between steps of the size scale */
    double hero_share; /* height of a hero's digits, of the page's */
    double unit_share; /* of its digits' size */
    struct compose_weights compose;
    char words[WORD_COUNT][THEME_TEXT_BYTES];
    int count_up_ms;    /* a figure runs to its value */
    int transition_ms;  /* between pages */
    int alert_lap_ms;   /* the one slow movement of an alert: once around */
    int alert_beat_ms;  /* from one step of it to the next */
    int dwell_floor_ms; /* a static page stands at least so long */
    int alert_floor_ms; /* a page of an alert: its next is awaited */
    int dwell_base_ms;  /* plus, of the reading rule */
    int dwell_per_character_ms;
};

/* Every key must be there and right: file:line: key: what was expected.
 * name stands for the file in problems. */
bool theme_parse(const char *text, const char *name, struct theme *out,
                 struct problem *problem);

/* WCAG 2.x contrast of two opaque colours, 1 … 21. */
double colour_contrast(draw_colour a, draw_colour b);

#endif
