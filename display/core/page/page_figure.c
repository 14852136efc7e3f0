/* Sets figures: the digits are the hero, the unit stands by, the qualifier is
 * never left out. */
#include "display/core/page/page_figure.h"

#include "display/core/page/page_run.h"
#include "display/core/page/page_words.h"

#include <stdio.h>
#include <string.h>

enum {
    /* From the digits' base line to that of a unit below them, of its size. */
    UNIT_LINE_PERCENT = 125,
    /* A comma between thousands reaches so far below the base line, of the
     * digits' size, and a unit so far above its own. */
    COMMA_PERCENT = 22,
    UNIT_RISE_PERCENT = 90,
    /* From the middle of a run down to its base line, of its size. */
    MIDDLE_PERCENT = 38,
};

size_t page_live_number(const struct page_build *build,
                        const struct panel_figure *figure)
{
    const struct panel *panel = &build->message->panel;

    /* A template may set a figure of its own, which is not the panel's. */
    if (build->message->kind != MESSAGE_PANEL)
        return 0;
    for (size_t i = 0; i < panel->figure_count; i++)
        if (figure == &panel->figures[i])
            return figure->bind[0] != '\0' ? i + 1 : 0;
    return 0;
}

struct decimal page_figure_value(const struct page_build *build,
                                 const struct panel_figure *figure)
{
    const struct page_live *live = build->context->live;
    size_t number = page_live_number(build, figure);

    return live == NULL || number == 0 ? figure->value
                                       : live->figures[number - 1].value;
}

bool page_figure_is_stale(const struct page_build *build,
                          const struct panel_figure *figure)
{
    const struct page_live *live = build->context->live;
    size_t number = page_live_number(build, figure);

    return live != NULL && number > 0 && live->figures[number - 1].stale;
}

const char *page_live_note(const struct page_build *build)
{
    return build->set->live_words == NULL ? "" : build->set->live_words;
}

struct panel_figure page_figure_of(struct decimal value, const char *unit)
{
    return (struct panel_figure){.label = "",
                                 .qualifier = "",
                                 .value = value,
                                 .unit = unit,
                                 .suffix = "",
                                 .note = ""};
}

const char *page_digits_words(struct page_build *build, struct decimal value)
{
    char digits[NUMBER_BYTES];
    words_number(value, digits);
    return page_keep(build, digits);
}

static const char *trend_arrow(const struct panel_figure *figure)
{
    static const char *const arrows[TREND_COUNT] = {
        [TREND_NONE] = "",
        [TREND_UP] = "↑",
        [TREND_DOWN] = "↓",
        [TREND_STEADY] = "→",
    };

    return arrows[figure->trend];
}

const char *page_figure_words(struct page_build *build,
                              const struct panel_figure *figure)
{
    char digits[NUMBER_BYTES];
    char words[WORDS_BYTES];
    struct decimal value = page_figure_value(build, figure);
    size_t live = page_live_number(build, figure);
    if (live > 0) {
        build->set->spoken |= 1U << (live - 1);
        build->set->spoken_values[live - 1] = value;
    }
    words_number(value, digits);
    const char *space = figure->qualifier[0] == '\0' ? "" : " ";
    snprintf(words, sizeof words, "%s%s%s%s %s%s", figure->qualifier, space,
             digits, figure->suffix, figure->unit, trend_arrow(figure));
    return page_keep(build, words);
}

static int small_size(const struct page_build *build, int size_px)
{
    int small = (int)(size_px * build->theme->unit_share);
    if (small < build->geometry.legal_px)
        small = build->geometry.legal_px;
    return small < size_px ? small : size_px;
}

static int part_gap(int small_px)
{
    return small_px / 5;
}

static int run_px(const struct page_build *build, enum type_role role,
                  int size_px, const char *text)
{
    return type_pixels(
        page_run_width(build->set->metrics, role, size_px, text));
}

int page_run_px(const struct page_build *build, const struct page_text *text)
{
    return run_px(build, text->role, text->size_px, text->text);
}

/* The unit with its arrow has a line of its own. */
static bool has_unit_below(const struct page_build *build,
                           const struct panel_figure *figure)
{
    return build->unit_below && figure->unit[0] != '\0';
}

static int parts_width(const struct page_build *build, const char *const *parts,
                       size_t count, int small)
{
    int width = 0;
    for (size_t i = 0; i < count; i++) {
        if (parts[i][0] != '\0')
            width += run_px(build, TYPE_SANS_BOLD, small, parts[i]) +
                     part_gap(small);
    }
    return width;
}

int page_figure_width(const struct page_build *build,
                      const struct panel_figure *figure, int size_px)
{
    char digits[NUMBER_BYTES];
    words_number(figure->value, digits);
    int small = small_size(build, size_px);
    int width = run_px(build, TYPE_SANS_BOLD, size_px, digits);
    const char *parts[] = {figure->qualifier, figure->suffix};
    const char *unit[] = {figure->unit, trend_arrow(figure)};
    width += parts_width(build, parts, 2, small);
    int unit_px = parts_width(build, unit, 2, small);
    if (!has_unit_below(build, figure))
        return width + unit_px;
    return width > unit_px ? width : unit_px;
}

int page_figure_fit(const struct page_build *build,
                    const struct panel_figure *figure, int width_px,
                    int largest_px)
{
    int low = build->geometry.legal_px;
    int high = largest_px > low ? largest_px : low;
    int best = 0;
    while (low <= high) {
        int size = low + (high - low) / 2;
        if (page_figure_width(build, figure, size) <= width_px) {
            best = size;
            low = size + 1;
        } else {
            high = size - 1;
        }
    }
    return best;
}

static int cap_height(const struct page_build *build, int size_px)
{
    const struct type_metrics *metrics = build->set->metrics;
    return metrics->line(metrics->context, TYPE_SANS_BOLD, size_px)
        .cap_height_px;
}

int page_figure_rise(const struct page_build *build, int size_px)
{
    int digits = cap_height(build, size_px);
    int han = small_size(build, size_px) * 88 / 100;
    return digits > han ? digits : han;
}

/* From the digits' base line to that of a unit below them: clear of a comma
 * between thousands. */
static int unit_line_px(int size_px, int small)
{
    int line = small * UNIT_LINE_PERCENT / 100;
    int clear = (size_px * COMMA_PERCENT + small * UNIT_RISE_PERCENT) / 100;
    return line > clear ? line : clear;
}

int page_figure_depth(const struct page_build *build, int size_px)
{
    int small = small_size(build, size_px);
    int below = build->unit_below ? unit_line_px(size_px, small) : 0;
    return below + small * 15 / 100;
}

int page_digits_em(const struct page_build *build, int digits_px)
{
    int thousand = cap_height(build, 1000);
    return thousand > 0 ? (int)((int64_t)digits_px * 1000 / thousand)
                        : digits_px;
}

struct draw_item page_run(struct page_build *build,
                          const struct page_text *text)
{
    const char *string = page_keep(build, text->text);
    struct typeset_glyph *glyphs =
        page_set_alloc(build->set, (strlen(string) + 1) * sizeof *glyphs);
    if (glyphs == NULL) {
        build->failed = true;
        return (struct draw_item){.kind = DRAW_TEXT, .text.string = ""};
    }
    struct draw_item item = page_run_item(build->set->metrics, text->role,
                                          text->size_px, string, glyphs);
    item.colour = text->colour;
    return item;
}

int page_put_run(struct page_build *build, const struct page_text *text, int x,
                 int baseline_y)
{
    struct draw_item item = page_run(build, text);
    page_run_place(&item, x, baseline_y);
    page_put(build, &item, PAGE_STILL);
    return item.bounds.width;
}

int page_run_baseline(const struct page_text *text, int middle_y)
{
    return middle_y + text->size_px * MIDDLE_PERCENT / 100;
}

int page_run_fit(const struct page_build *build, struct page_text text,
                 int width_px, int least_px)
{
    while (text.size_px > least_px && page_run_px(build, &text) > width_px)
        text.size_px--;
    return text.size_px;
}

int page_badge_px(const struct page_build *build, const struct page_text *text)
{
    return text->text[0] == '\0' ? 0 : page_run_px(build, text) + text->size_px;
}

void page_put_badge(struct page_build *build, const struct page_text *text,
                    struct rect box, draw_colour fill)
{
    int x = box.x + (box.width - page_run_px(build, text)) / 2;
    page_put_fill(build, box, box.height / 8, fill, PAGE_STILL);
    page_put_run(build, text, x,
                 page_run_baseline(text, box.y + box.height / 2));
}

static int put_small(struct page_build *build, const char *words, int x,
                     int baseline_y, int size_px)
{
    if (words[0] == '\0')
        return 0;
    struct page_text text = {.text = words,
                             .role = TYPE_SANS_BOLD,
                             .size_px = size_px,
                             .colour = build->text};
    int width = page_put_run(build, &text, x, baseline_y);
    return width + part_gap(size_px);
}

/* The room of the digits, and of what a live figure says now. */
static type_length digits_room(const struct page_build *build,
                               const struct panel_figure *figure, int size_px)
{
    const struct type_metrics *metrics = build->set->metrics;
    struct decimal now = page_live_padded(page_figure_value(build, figure),
                                          figure->value);
    char digits[NUMBER_BYTES];
    words_number(figure->value, digits);
    type_length room = page_run_width(metrics, TYPE_SANS_BOLD, size_px, digits);
    words_number(now, digits);
    type_length width = page_run_width(metrics, TYPE_SANS_BOLD, size_px,
                                       digits);
    return room > width ? room : width;
}

/* Where digits come first and lines begin at the left, their ink does. */
static int hidden_px(const struct page_build *build,
                     const struct panel_figure *figure, int size_px,
                     const char *digits)
{
    return build->strip || figure->qualifier[0] != '\0'
               ? 0
               : page_run_ink_px(build->set->metrics, TYPE_SANS_BOLD, size_px,
                                 digits);
}

static int put_digits(struct page_build *build,
                      const struct panel_figure *figure, struct decimal from,
                      int x, int baseline_y, int size_px)
{
    const struct decimal value = figure->value;
    char digits[NUMBER_BYTES];
    words_number(value, digits);
    struct page_text text = {.text = digits,
                             .role = TYPE_SANS_BOLD,
                             .size_px = size_px,
                             .colour = page_figure_is_stale(build, figure)
                                           ? build->muted
                                           : build->accent};
    struct draw_item item = page_run(build, &text);
    int hidden = hidden_px(build, figure, size_px, digits);
    page_run_place(&item, x - hidden, baseline_y);
    item.bounds.x = x;
    item.bounds.width -= hidden;
    struct page_element *element =
        page_put(build, &item, from.units != 0 ? PAGE_COUNT : PAGE_STILL);
    if (element != NULL) {
        element->from = from;
        element->to = value;
        element->live = page_live_number(build, figure);
        element->figure_width = digits_room(build, figure, size_px);
    }
    return item.bounds.width;
}

int page_put_figure(struct page_build *build, const struct panel_figure *figure,
                    struct decimal from, int x, int baseline_y, int size_px)
{
    int small = small_size(build, size_px);
    int at = x;
    at += put_small(build, figure->qualifier, at, baseline_y, small);
    at += put_digits(build, figure, from, at, baseline_y, size_px);
    if (figure->suffix[0] != '\0')
        at += part_gap(small) / 2;
    at += put_small(build, figure->suffix, at, baseline_y, small);
    if (has_unit_below(build, figure)) {
        at = x;
        baseline_y += unit_line_px(size_px, small);
    }
    if (figure->suffix[0] == '\0' && !has_unit_below(build, figure))
        at += part_gap(small);
    at += put_small(build, figure->unit, at, baseline_y, small);
    put_small(build, trend_arrow(figure), at, baseline_y, small);
    return page_figure_width(build, figure, size_px);
}
