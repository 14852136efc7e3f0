/* The frame around the programme: section and clock above, place, news and
 * date below; on a strip only lines. */
#include "display/core/page/furniture.h"

#include "base/timestamp.h"
#include "display/core/page/lunar.h"
#include "display/core/page/news_mark.h"
#include "display/core/page/page_build.h"
#include "display/core/page/page_run.h"
#include "display/core/page/page_words.h"
#include "display/core/page/section_mark.h"

#include <stdio.h>
#include <string.h>

enum {
    FURNITURE_TOP = FURNITURE_SECTION | FURNITURE_CLOCK,
    FURNITURE_BOTTOM = FURNITURE_PLACE | FURNITURE_DATE | FURNITURE_LUNAR |
                       FURNITURE_LINE_MARK,
};

/* Rows are this high, in hundredths of the size of their words. */
enum { ROW_PERCENT = 178, FAR_ROW_PERCENT = 150, FAR_TICKER_PERCENT = 125 };
/* A glass with fewer lines of the legal size is read from far away: there the
 * frame has one row, of words of two thirds of that size (16 minutes of arc);
 * place and lunar date give way. */
enum { FAR_LINES = 14, FAR_SIZE_THIRDS = 2 };
#define PROGRESS_DIVISOR 160
/* Fewer lines of the legal size between the rows, and there are no rows: the
 * message comes first. */
enum { PAGE_LINES_LEAST = 3, ROWS_MOST_PERCENT = 25 };

static bool is_far(const struct geometry *glass)
{
    return glass->shape != SHAPE_STRIP &&
           glass->safe.height < FAR_LINES * glass->legal_px;
}

static int size_px(const struct geometry *glass)
{
    return is_far(glass) ? glass->legal_px * FAR_SIZE_THIRDS / 3
                         : glass->legal_px;
}

static int row_px(const struct geometry *glass)
{
    return size_px(glass) * (is_far(glass) ? FAR_ROW_PERCENT : ROW_PERCENT) /
           100;
}

/* The ticker is there to be read: its words have the legal size. Where readers
 * are far away a line is high, and the edge of the glass is air enough. */
static int ticker_px(const struct geometry *glass)
{
    int percent = is_far(glass) ? FAR_TICKER_PERCENT : ROW_PERCENT;
    return glass->legal_px * percent / 100;
}

/* Above: where readers are far away all there is. */
static bool has_top(const struct geometry *glass, unsigned parts)
{
    unsigned top = is_far(glass) ? FURNITURE_TOP | FURNITURE_BOTTOM
                                 : FURNITURE_TOP;
    return (parts & top) != 0;
}

/* The line's mark alone stands in the row above, if there is one. */
static bool has_bottom(const struct geometry *glass, unsigned parts)
{
    unsigned words = FURNITURE_BOTTOM & ~FURNITURE_LINE_MARK;
    bool mark = (parts & FURNITURE_LINE_MARK) != 0 && !has_top(glass, parts);
    return !is_far(glass) && ((parts & words) != 0 || mark);
}

static int progress_px(const struct geometry *glass)
{
    int side = glass->width_px < glass->height_px ? glass->width_px
                                                  : glass->height_px;
    int thick = side / PROGRESS_DIVISOR;
    return thick > 1 ? thick : 1;
}

static int rows_px(const struct geometry *glass, unsigned parts)
{
    int rows = has_top(glass, parts) + has_bottom(glass, parts);
    int ticker = (parts & FURNITURE_TICKER) != 0 ? ticker_px(glass) : 0;
    return rows * row_px(glass) + ticker;
}

static bool has_rows(const struct geometry *glass, unsigned parts)
{
    return glass->shape != SHAPE_STRIP &&
           glass->safe.height - rows_px(glass, parts) >=
               PAGE_LINES_LEAST * glass->legal_px;
}

struct geometry furniture_page_geometry(const struct geometry *glass,
                                        unsigned parts)
{
    struct geometry page = *glass;
    if (!has_rows(glass, parts))
        return page;
    if (has_top(glass, parts))
        page.safe.y += row_px(glass);
    page.safe.height -= rows_px(glass, parts);
    return page;
}

/* Rows take no more of the height than they may: the one with the date goes
 * first, then the ticker. */
static unsigned bounded(const struct geometry *part, unsigned parts)
{
    static const unsigned rows[] = {FURNITURE_BOTTOM & ~FURNITURE_LINE_MARK,
                                    FURNITURE_TICKER};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned less = parts & ~rows[i];
        int height = rows_px(part, parts);
        if (height * 100 > part->height_px * ROWS_MOST_PERCENT &&
            rows_px(part, less) < height)
            parts = less;
    }
    return parts;
}

unsigned furniture_for(const struct geometry *part, unsigned parts)
{
    static const unsigned rows[] = {FURNITURE_TICKER, FURNITURE_BOTTOM,
                                    FURNITURE_TOP};
    if (part->shape != SHAPE_STRIP)
        parts = bounded(part, parts);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct geometry page = furniture_page_geometry(part, parts);
        if (part->shape != SHAPE_STRIP && !page_is_poster(&page))
            parts &= ~rows[i];
    }
    return parts;
}

struct frame {
    const struct furniture *furniture;
    const struct page_context *context;
    const struct theme *theme;
    struct rect safe;
    int size_px; /* of its words */
    struct draw_list *out;
    bool good;
};

static bool shows(const struct frame *frame, enum furniture_part part)
{
    bool yields = part == FURNITURE_PLACE || part == FURNITURE_LUNAR;
    return (frame->furniture->parts & (unsigned)part) != 0 &&
           !(yields && is_far(&frame->context->geometry));
}

static int width_of(const struct frame *frame, enum type_role role,
                    const char *text)
{
    return type_pixels(
        page_run_width(frame->context->metrics, role, frame->size_px, text));
}

static void put_run(struct frame *frame, enum type_role role, const char *text,
                    int x, int y, draw_colour colour)
{
    if (text[0] != '\0' && frame->good)
        frame->good = page_run_draw(frame->context->metrics, role,
                                    frame->size_px, text, x, y, colour,
                                    frame->out);
}

/* On the field of a section everything has the colour that is legible there. */
static draw_colour on_field(const struct frame *frame, draw_colour colour)
{
    return frame->furniture->on_field
               ? frame->theme->sections[frame->furniture->section].field_text
               : colour;
}

static int right_edge(const struct frame *frame)
{
    return frame->safe.x + frame->safe.width;
}

/* The label goes where it has no room; the mark stays. Returns where the next
 * thing may begin. */
static int put_section(struct frame *frame, int baseline, int right)
{
    const struct theme_section *section =
        &frame->theme->sections[frame->furniture->section];
    int side = frame->size_px * 80 / 100;
    struct rect box = {frame->safe.x,
                       baseline - frame->size_px * 38 / 100 - side / 2, side,
                       side};
    struct draw_item mark = section_mark_item(frame->furniture->section, box,
                                              on_field(frame, section->accent));
    frame->good = frame->good && draw_list_add(frame->out, &mark);
    int x = frame->safe.x + frame->size_px * 115 / 100;
    int label = width_of(frame, TYPE_SANS_BOLD, section->label);
    if (x + label > right)
        return x;
    put_run(frame, TYPE_SANS_BOLD, section->label, x, baseline,
            on_field(frame, section->accent));
    return x + label + frame->size_px;
}

/* Returns where it begins. */
static int put_clock(struct frame *frame, int baseline)
{
    char clock[WORDS_BYTES];
    words_clock(frame->furniture->now_ms,
                page_offset_minutes(frame->context, frame->furniture->now_ms),
                clock);
    int x = right_edge(frame) - width_of(frame, TYPE_SANS_BOLD, clock);
    if (x < frame->safe.x)
        return right_edge(frame);
    put_run(frame, TYPE_SANS_BOLD, clock, x, baseline,
            on_field(frame, frame->theme->text));
    return x - frame->size_px / 2;
}

/* Date, weekday and 农历: the longest form that fits the room. */
static void say_date(const struct frame *frame, int room, char out[WORDS_BYTES])
{
    int64_t now = frame->furniture->now_ms;
    int offset = page_offset_minutes(frame->context, now);
    char day[WORDS_BYTES] = "", weekday[WORDS_BYTES], lunar[LUNAR_BYTES] = "";
    struct lunar_date moon;
    words_weekday(frame->theme, timestamp_civil(now, offset).weekday, weekday);
    if (shows(frame, FURNITURE_DATE))
        words_time(frame->theme, WORD_DAY, now, offset, day);
    else
        weekday[0] = '\0';
    if (shows(frame, FURNITURE_LUNAR) && lunar_date_make(now, offset, &moon))
        lunar_format(moon, lunar);
    const char *parts[3] = {day, weekday, lunar};
    for (int count = 3; count > 0; count--) {
        size_t at = 0;
        out[0] = '\0';
        for (int i = 0; i < count; i++) {
            if (parts[i][0] != '\0')
                at += (size_t)snprintf(out + at, WORDS_BYTES - at, "%s%.100s",
                                       at > 0 ? "　" : "", parts[i]);
        }
        if (width_of(frame, TYPE_SANS, out) <= room)
            return;
    }
    out[0] = '\0';
}

/* Place at the left, date at the right, between them the line's mark: what
 * has no room is left out from the least to the most important. */
static void put_news_and_date(struct frame *frame, int baseline, int x,
                              int right)
{
    const struct furniture *furniture = frame->furniture;
    int legal = frame->size_px;
    int room = right - x;
    if (shows(frame, FURNITURE_LINE_MARK) && furniture->news_old) {
        const struct news_mark mark = {&furniture->news, furniture->now_ms,
                                       on_field(frame, frame->theme->text),
                                       legal};
        int end = x;
        frame->good = frame->good &&
                      news_mark_put(&mark, frame->context, x, baseline, room,
                                    frame->out, &end);
        room -= end - x;
        x = end;
    }
    const char *place = furniture->place_name == NULL ? ""
                                                      : furniture->place_name;
    int place_px = width_of(frame, TYPE_SANS, place);
    if (shows(frame, FURNITURE_PLACE) && place_px > 0 && place_px <= room) {
        put_run(frame, TYPE_SANS, place, x, baseline,
                on_field(frame, frame->theme->muted));
        room -= place_px + legal;
    }
    char date[WORDS_BYTES];
    if (furniture->now_ms == TIMESTAMP_NONE || room <= 0)
        return;
    say_date(frame, room, date);
    put_run(frame, TYPE_SANS, date, right - width_of(frame, TYPE_SANS, date),
            baseline, on_field(frame, frame->theme->muted));
}

/* How far the cycle has come, along the lowest edge of the glass. */
static void put_progress(struct frame *frame)
{
    const struct furniture *furniture = frame->furniture;
    const struct geometry *glass = &frame->context->geometry;
    int thick = progress_px(glass);
    int64_t done = (int64_t)glass->width_px * furniture->position;
    struct draw_item bar = {
        .kind = DRAW_FILL,
        .bounds = {0, glass->height_px - thick, (int)(done / furniture->total),
                   thick},
        .colour = on_field(frame,
                           frame->theme->sections[furniture->section].accent)};
    frame->good = frame->good && draw_list_add(frame->out, &bar);
}

/* A ticker that is wider than the glass is read line by line, each for so long:
 * time for some fifty characters. */
enum { TICKER_LINE_MS = 20000 };
/* The rule above it: how thick, and how far above its base line. */
enum { TICKER_RULE_DIVISOR = 20, TICKER_RISE_PERCENT = 102 };
/* A rule on a field is a third of the colour of its text. */
#define FIELD_RULE_ALPHA 0x55FFFFFFu

static type_length ticker_width(const struct page_context *context,
                                const char *ticker)
{
    return page_run_width(context->metrics, TYPE_SANS,
                          context->geometry.legal_px, ticker);
}

static bool ticker_is_long(const struct page_context *context,
                           const char *ticker)
{
    return type_pixels(ticker_width(context, ticker)) >
           context->geometry.safe.width;
}

int64_t furniture_next_change_ms(const struct furniture *furniture,
                                 const struct page_context *context)
{
    if ((furniture->parts & FURNITURE_TICKER) == 0 ||
        furniture->ticker == NULL || furniture->now_ms == TIMESTAMP_NONE ||
        !has_rows(&context->geometry, furniture->parts) ||
        !ticker_is_long(context, furniture->ticker))
        return INT64_MAX;
    return (furniture->now_ms / TICKER_LINE_MS + 1) * TICKER_LINE_MS;
}

/* Keeps it apart from the page. */
static void put_ticker_rule(struct frame *frame, int baseline)
{
    int size = frame->size_px;
    int thick = size / TICKER_RULE_DIVISOR;
    draw_colour rule = frame->furniture->on_field
                           ? on_field(frame, 0) & FIELD_RULE_ALPHA
                           : frame->theme->rule;
    struct draw_item item = {
        .kind = DRAW_FILL,
        .bounds = {frame->safe.x, baseline - size * TICKER_RISE_PERCENT / 100,
                   frame->safe.width, thick > 1 ? thick : 1},
        .colour = rule};
    frame->good = frame->good && draw_list_add(frame->out, &item);
}

static void put_ticker_line(struct frame *frame, const char *line, int baseline)
{
    put_ticker_rule(frame, baseline);
    int x = typeset_begins_right(frame->furniture->ticker)
                ? right_edge(frame) - width_of(frame, TYPE_SANS, line)
                : frame->safe.x;
    put_run(frame, TYPE_SANS, line, x, baseline,
            on_field(frame, frame->theme->text));
}

/* Without a clock another line comes with another panel. The measure leaves an
 * em for punctuation that is not squeezed in a run. */
static void put_ticker_part(struct frame *frame, int baseline)
{
    const struct furniture *furniture = frame->furniture;
    const struct typeset_style style = {
        .role = TYPE_SANS, .size_px = frame->size_px, .balanced = true};
    struct typeset_block *block = typeset_create(
        furniture->ticker, &style, frame->safe.width - frame->size_px,
        frame->context->metrics);
    int64_t turn = furniture->now_ms == TIMESTAMP_NONE
                       ? furniture->position
                       : furniture->now_ms / TICKER_LINE_MS;

    if (block == NULL || block->line_count == 0)
        frame->good = false;
    else
        put_ticker_line(frame,
                        block->lines[turn % (int64_t)block->line_count].text,
                        baseline);
    typeset_destroy(block);
}

/* Above the bottom row. */
static void put_ticker(struct frame *frame, int baseline)
{
    const char *ticker = frame->furniture->ticker;

    if (ticker == NULL)
        return;
    frame->size_px = frame->context->geometry.legal_px;
    if (ticker_is_long(frame->context, ticker))
        put_ticker_part(frame, baseline);
    else
        put_ticker_line(frame, ticker, baseline);
}

static void put_rows(struct frame *frame)
{
    const struct furniture *furniture = frame->furniture;
    const struct geometry *glass = &frame->context->geometry;
    bool below = has_bottom(glass, furniture->parts);
    int top = frame->safe.y + frame->size_px;
    int bottom = frame->safe.y + frame->safe.height -
                 glass->legal_px * 22 / 100;
    int left = frame->safe.x;
    int right = right_edge(frame);
    if (shows(frame, FURNITURE_CLOCK) && furniture->now_ms != TIMESTAMP_NONE)
        right = put_clock(frame, top);
    if (shows(frame, FURNITURE_SECTION))
        left = put_section(frame, top, right);
    if (below)
        put_news_and_date(frame, bottom, frame->safe.x, right_edge(frame));
    else if ((furniture->parts & FURNITURE_BOTTOM) != 0)
        put_news_and_date(frame, top, left, right);
    if (shows(frame, FURNITURE_TICKER))
        put_ticker(frame, bottom - (below ? row_px(glass) : 0));
}

bool furniture_frame(const struct furniture *furniture,
                     const struct page_context *context, struct draw_list *out)
{
    struct frame frame = {furniture,
                          context,
                          context->theme,
                          context->geometry.safe,
                          size_px(&context->geometry),
                          out,
                          true};
    if (has_rows(&context->geometry, furniture->parts))
        put_rows(&frame);
    else if (shows(&frame, FURNITURE_LINE_MARK) && furniture->news_old)
        frame.good = news_mark_put_square(
            context, on_field(&frame, frame.theme->muted), out);
    if (context->geometry.shape != SHAPE_STRIP &&
        shows(&frame, FURNITURE_PROGRESS) && furniture->total > 0)
        put_progress(&frame);
    return frame.good;
}
