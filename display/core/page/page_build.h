/* The workbench of templates: a page that fills from the top, breaks where it
 * must, and remembers how everything on it moves. A template reads like its
 * description. Without memory `failed` is set and nothing more is added. */
#ifndef GAOSHI_DISPLAY_PAGE_BUILD_H
#define GAOSHI_DISPLAY_PAGE_BUILD_H

#include "display/core/draw/icon.h"
#include "display/core/page/page_set.h"

/* Steps of the size scale; the first is the legal size. */
enum page_size { SIZE_LEGAL, SIZE_BODY, SIZE_TITLE, SIZE_DISPLAY, SIZE_COUNT };

struct compose_picture;

/* What a size must not break to be one that fits. */
enum page_unity {
    UNITY_NONE,
    UNITY_WORDS, /* numbers, names, dates; of a balanced text words too */
    UNITY_LINES, /* anything: lines end where the text has a line feed */
};

/* One text in one style. */
struct page_text {
    const char *text;
    enum type_role role;
    int size_px;
    draw_colour colour;
    enum typeset_align align;
    bool balanced;
    enum page_unity unity; /* what page_text_fit has to keep together */
    int leading_percent;   /* line height; 0: 135 % */
    int paragraph_gap_px;  /* between two paragraphs */
    int tail_px;           /* flowed: of what stays on its last page below it */
    int most_px;           /* of a strip: it is set no larger; 0: any size */
};

struct page_build {
    struct page_set *set;
    const struct page_context *context;
    const struct message *message;
    const struct theme *theme;
    struct geometry geometry;
    bool wide;  /* landscape: two things may stand side by side */
    bool strip; /* one thought a page: a strip, or few great characters */
    int sizes[SIZE_COUNT];
    int gap; /* between things: half a body line */
    draw_colour ground, text, muted, accent;

    /* Sets what stands on top of every page and moves area down. */
    void (*header)(struct page_build *build);
    double settle; /* share of the room left that goes above the body */
    int mark_px;   /* kept free below for the page mark */
    int later_px;  /* height of the body of pages after the first, where the
                      header leaves them more; 0: it leaves the same */
    /* Sets what stands along the page's edge, under the header; NULL: nothing.
     */
    void (*edge)(struct page_build *build);
    const char *aside; /* beside the title of a panel without a subtitle; NULL:
                          nothing */
    int title_px;      /* of the header's title, found once; 0: not yet */
    int leading_percent;   /* of text that has none of its own */
    bool unit_below;       /* of figures: under the digits */
    bool translation_due;  /* of an alert: the order in other languages is not
                              said yet */
    bool translation_said; /* what happened is */
    bool tight;            /* the header saves height where it can */

    /* What an alert says to do, as it stands on the pages after its own; found
     * once for a width and a height. */
    struct page_text reminder;
    int reminder_width, reminder_height;
    int order_px; /* of the order on its own page; 0: not known */

    /* A picture beside everything, and the header that it leaves room for. */
    const struct compose_picture *margin;
    int margin_px; /* its side */
    void (*body_header)(struct page_build *build);

    struct page *page; /* the one being filled */
    struct rect area;  /* its body */
    int y;             /* where the body goes on */
    size_t body_from;  /* first element of the body */
    bool failed;
};

/* An alert is said one thought a page; a panel has room for a poster. */
bool page_is_strip(const struct geometry *geometry);
/* The same; the mark of a drill takes lines of the page. */
bool page_message_is_strip(const struct message *message,
                           const struct geometry *geometry);
/* Of an alert or of its end; a panel is actual. */
enum alert_status page_status(const struct message *message);
bool page_is_poster(const struct geometry *geometry);
bool page_has_bars(const struct message *message,
                   const struct page_context *context);

void page_build_init(struct page_build *build, struct page_set *set,
                     const struct page_context *context,
                     const struct message *message);

/* A new page with ground and header; the one before is closed first. */
void page_open(struct page_build *build);
void page_close(struct page_build *build);

/* «预警 1/3», where several alerts are in force; else "". */
const char *page_stack_words(struct page_build *build);

/* How long a page stands by the reading rule. */
int64_t page_reading_ms(const struct page_build *build,
                        const struct page *page);

/* Closes the last page, marks pages «1/2», counts what is to be read. */
void page_build_finish(struct page_build *build);

/* Room for something of this height, on a new page if the body has begun.
 * Returns the y where it goes; the body goes on below it. */
int page_take(struct page_build *build, int height_px);
void page_skip(struct page_build *build, int gap_px); /* none on top */
int page_room(const struct page_build *build);
/* Takes so much off the top of the area. */
void page_narrow(struct page_build *build, int height_px);

/* Adds an element at rest. */
struct page_element *page_put(struct page_build *build,
                              const struct draw_item *item,
                              enum page_motion motion);

/* The bar or column that was put last grows out of this length. */
void page_grow_from(struct page_build *build, int from_px);

/* A width at which no line breaks by itself. */
enum { PAGE_UNBROKEN_PX = 32000 };

int page_text_height(struct page_build *build, const struct page_text *text,
                     int width_px);
/* How wide the longest line is. */
int page_text_width(struct page_build *build, const struct page_text *text,
                    int width_px);

/* How badly it breaks: lines after the first, and words that go on on the next
 * line, of a balanced text. */
int page_text_parted(struct page_build *build, const struct page_text *text,
                     int width_px);

/* How far the first base line lies under the top. */
int page_text_baseline(struct page_build *build, const struct page_text *text,
                       int width_px);

/* Sets the lines at a place; returns their height. */
int page_put_text(struct page_build *build, const struct page_text *text, int x,
                  int y, int width_px);

/* Sets the text in columns as high as the room, from its left edge on: those
 * from number *next on that the room has the width for. *next is then the
 * column that comes next; SIZE_MAX: none. Returns the width that they take. */
int page_put_columns(struct page_build *build, const struct page_text *text,
                     struct rect room, size_t *next);

/* How many lines it has, and the bytes of it that the first `most` bear. */
struct page_lines {
    int count;
    int line_px;
    int height_px; /* of all of them */
    size_t end_bytes;
};
struct page_lines page_text_lines(struct page_build *build,
                                  const struct page_text *text, int width_px,
                                  int most);

/* Sets the text into the body, over page breaks; from the left edge of the
 * body. A page ends where clause.h lets it end; a clause that no page holds is
 * set smaller, and at the legal size broken between two words: «不要开车…»,
 * and on the next page «不要…闯积水». */
void page_flow_text(struct page_build *build, const struct page_text *text);

/* Pages that are filled without being built. */
struct page_extent {
    int pages;
    int page_px;  /* of a page's body */
    int used_px;  /* of the last page's; the first may begin with a part used */
    int later_px; /* of the bodies of pages after the first; 0: the same */
};
/* Of the body of the last page. */
int page_extent_px(const struct page_extent *extent);

void page_extend(struct page_build *build, const struct page_text *text,
                 struct page_extent *extent);

/* The size up to that of the body at which a content is best set into
 * room_px and the pages after it: on one page if the legal size allows that;
 * else no last page is there for a few lines. */
typedef void page_measure(struct page_build *build, int size_px,
                          struct page_extent *extent);
int page_flow_size(struct page_build *build, page_measure *measure,
                   int room_px);

/* The largest size from largest down to smallest at which the text fits into
 * width × height; 0: not even the smallest. */
int page_text_fit(struct page_build *build, struct page_text text, int width_px,
                  int height_px, int largest_px, int smallest_px);

/* The same for a balanced text of which no line ends inside a word; nearly the
 * largest. */
int page_text_fit_words(struct page_build *build, struct page_text text,
                        int width_px, int height_px, int largest_px,
                        int smallest_px);

void page_put_fill(struct page_build *build, struct rect rect, int radius_px,
                   draw_colour colour, enum page_motion motion);
/* A thin line across the body at y, with what was put before. */
void page_put_rule(struct page_build *build, int y);

/* A corner of a polygon. */
struct page_corner {
    float x, y;
};
void page_put_polygon(struct page_build *build,
                      const struct page_corner *points, int count,
                      draw_colour colour);
void page_put_ring(struct page_build *build, float centre_x, float centre_y,
                   float outer_px, float inner_px, double share,
                   draw_colour colour, enum page_motion motion);

/* The number of the figure of the panel, from 1, if it is live; 0: it is not.
 */
size_t page_live_number(const struct page_build *build,
                        const struct panel_figure *figure);
/* The value of a figure; of a live one as it is now. */
struct decimal page_figure_value(const struct page_build *build,
                                 const struct panel_figure *figure);
bool page_figure_is_stale(const struct page_build *build,
                          const struct panel_figure *figure);
/* How new the live figures are; "": there are none. */
const char *page_live_note(const struct page_build *build);
/* A pictogram in a square; what it cuts out has the colour of the ground. */
void page_put_icon(struct page_build *build, const struct icon *icon,
                   struct rect square, draw_colour colour, draw_colour ground);

/* A string that lives as long as the set; "" without memory. */
const char *page_keep(struct page_build *build, const char *text);

/* Wording of the theme with its one slot filled; "" where the value is "". */
const char *page_filled(struct page_build *build, enum theme_word word,
                        const char *slot, const char *value);

/* A moment in the time of the place: WORD_DATE, WORD_DAY or WORD_DAY_TIME; ""
 * for TIMESTAMP_NONE. */
const char *page_moment(struct page_build *build, enum theme_word word,
                        int64_t ms);

#endif
