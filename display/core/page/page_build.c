/* Opens, fills, breaks and closes pages for the templates; bars,
 * polygons and rings are put here. */
#include "display/core/page/page_build.h"

#include "base/timestamp.h"
#include "base/utf8.h"
#include "display/core/page/page_run.h"
#include "display/core/page/page_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Caps on the scale, in shares of the shorter side: where the legal size is
 * great, titles do not grow with it. */
static const double size_caps[SIZE_COUNT] = {1, 0.075, 0.12, 0.2};
static const double square_caps[SIZE_COUNT] = {1, 0.056, 0.092, 0.16};

/* Room above the body against room below: the optical middle lies high. */
#define PAGE_SETTLE 0.42
enum { LEADING_PERCENT = 135 };
#define WIDE_SPACE 0x3000u
/* Fewer lines or characters of the legal size make no poster; an alert's has
 * more to say. */
enum {
    POSTER_LINES = 5,
    ALERT_LINES = 7,
    MARK_LINES = 1,
    BARS_LINES = 12,
    POSTER_CHARACTERS = 8
};

static void make_scale(struct page_build *build)
{
    const struct geometry *geometry = &build->geometry;
    int side = smaller(geometry->width_px, geometry->height_px);
    double size = geometry->legal_px;
    const double *caps = geometry->shape == SHAPE_SQUARE ? square_caps
                                                         : size_caps;
    for (int i = 0; i < SIZE_COUNT; i++) {
        int capped = smaller((int)size, (int)(side * caps[i]));
        build->sizes[i] = capped > geometry->legal_px ? capped
                                                      : geometry->legal_px;
        size *= build->theme->size_ratio;
    }
}

static bool holds(const struct geometry *geometry, int lines)
{
    return geometry->shape != SHAPE_STRIP &&
           geometry->safe.height >= geometry->legal_px * lines &&
           geometry->safe.width >= geometry->legal_px * POSTER_CHARACTERS;
}

/* Where readers stand far away, a page has room for one thought only. */
bool page_is_strip(const struct geometry *geometry)
{
    return !holds(geometry, ALERT_LINES);
}

enum alert_status page_status(const struct message *message)
{
    if (message->kind == MESSAGE_ALERT)
        return message->alert.status;
    return message->kind == MESSAGE_ALERT_CANCEL ? message->cancel.status
                                                 : ALERT_STATUS_ACTUAL;
}

bool page_message_is_strip(const struct message *message,
                           const struct geometry *geometry)
{
    bool marked = page_status(message) != ALERT_STATUS_ACTUAL;
    return !holds(geometry, ALERT_LINES + (marked ? MARK_LINES : 0));
}

/* Where lines are few, the page mark is a row of bars, unless it says as well
 * which of several alerts it is. A banner has room for a number beside its
 * second line, and none for bars below it. */
bool page_has_bars(const struct message *message,
                   const struct page_context *context)
{
    bool banner = message->kind != MESSAGE_PANEL &&
                  context->place.presentation == PRESENTATION_BANNER;
    return context->place.total <= 1 && !context->safe && !banner &&
           !holds(&context->geometry, BARS_LINES);
}

bool page_is_poster(const struct geometry *geometry)
{
    return holds(geometry, POSTER_LINES);
}

bool page_has_field(const struct message *message, bool safe)
{
    return !safe && message->kind == MESSAGE_PANEL &&
           !message->panel.unknown_template &&
           !panel_is_live(&message->panel) &&
           (message->panel.template == TEMPLATE_TITLE ||
            message->panel.template == TEMPLATE_FIGURE);
}

/* Everything that stands on the field has one colour. */
static void take_section(struct page_build *build)
{
    const struct theme_section *section =
        &build->theme->sections[build->message->panel.section];

    build->ground = section->ground;
    build->accent = section->accent;
    if (!page_has_field(build->message, build->context->safe))
        return;
    build->ground = section->field;
    build->text = build->muted = build->accent = section->field_text;
}

void page_build_init(struct page_build *build, struct page_set *set,
                     const struct page_context *context,
                     const struct message *message)
{
    const struct theme *theme = context->theme;
    *build = (struct page_build){
        .set = set,
        .context = context,
        .message = message,
        .theme = theme,
        .geometry = context->geometry,
        .wide = context->geometry.shape == SHAPE_LANDSCAPE,
        .strip = page_is_strip(&context->geometry),
        .ground = theme->ground,
        .text = theme->text,
        .muted = theme->muted,
        .accent = theme->text,
        .settle = PAGE_SETTLE,
    };
    make_scale(build);
    build->gap = build->sizes[SIZE_BODY] / 2;
    build->leading_percent = LEADING_PERCENT;
    if (message->kind == MESSAGE_PANEL)
        take_section(build);
}

static void put_ground(struct page_build *build)
{
    struct rect whole = {0, 0, build->geometry.width_px,
                         build->geometry.height_px};
    page_put_fill(build, whole, 0, build->ground, PAGE_STILL);
}

void page_open(struct page_build *build)
{
    page_close(build);
    build->page = page_set_add(build->set);
    if (build->page == NULL) {
        build->failed = true;
        return;
    }
    build->area = build->geometry.safe;
    build->area.height -= build->mark_px;
    put_ground(build);
    if (build->edge != NULL)
        build->edge(build);
    if (build->header != NULL)
        build->header(build);
    build->y = build->area.y;
    build->body_from = build->page == NULL ? 0 : build->page->count;
}

void page_close(struct page_build *build)
{
    if (build->page == NULL)
        return;
    int spare = page_room(build);
    int down = spare > 0 ? (int)(spare * build->settle) : 0;
    for (size_t i = build->body_from; i < build->page->count; i++)
        draw_item_move(&build->page->elements[i].item, 0, down);
    build->page = NULL;
}

int page_room(const struct page_build *build)
{
    return build->area.y + build->area.height - build->y;
}

void page_narrow(struct page_build *build, int height_px)
{
    build->area.y += height_px;
    build->area.height -= height_px;
}

int page_take(struct page_build *build, int height_px)
{
    bool begun = build->y > build->area.y;
    if (begun && height_px > page_room(build))
        page_open(build);
    int y = build->y;
    build->y += height_px;
    return y;
}

void page_skip(struct page_build *build, int gap_px)
{
    if (build->y > build->area.y)
        build->y += gap_px;
}

/* Words stand from the first frame: a page that turns is never empty. Bars,
 * rings and figures that are compared move to what they say. Nothing of an
 * alert does, because it is there to be read. What would move for ever moves
 * only where motion is full. */
static enum page_motion choose_motion(const struct page_build *build,
                                      enum page_motion motion)
{
    if (motion == PAGE_STILL || motion == PAGE_COUNTDOWN)
        return motion;
    if (build->context->motion != MOTION_FULL || build->context->safe)
        return PAGE_STILL;
    return motion == PAGE_PASS || build->message->kind != MESSAGE_ALERT
               ? motion
               : PAGE_STILL;
}

struct page_element *page_put(struct page_build *build,
                              const struct draw_item *item,
                              enum page_motion motion)
{
    if (build->failed || build->page == NULL)
        return NULL;
    struct page_element element = {.item = *item,
                                   .motion = choose_motion(build, motion)};
    if (page_motion_ends(element.motion))
        element.lasts_ms = build->theme->count_up_ms;
    struct page_element *added = page_add(build->page, &element);
    build->failed = added == NULL;
    return added;
}

void page_grow_from(struct page_build *build, int from_px)
{
    if (!build->failed && build->page != NULL)
        build->page->elements[build->page->count - 1].from_px = from_px;
}

const char *page_keep(struct page_build *build, const char *text)
{
    const char *kept = page_set_copy(build->set, text);
    if (kept == NULL)
        build->failed = true;
    return kept == NULL ? "" : kept;
}

const char *page_filled(struct page_build *build, enum theme_word word,
                        const char *slot, const char *value)
{
    const struct word_slot filled = {slot, value};
    char words[WORDS_BYTES];
    if (value[0] == '\0')
        return "";
    words_fill(build->theme, word, &filled, 1, words);
    return page_keep(build, words);
}

const char *page_moment(struct page_build *build, enum theme_word word,
                        int64_t ms)
{
    char words[WORDS_BYTES];
    if (ms == TIMESTAMP_NONE)
        return "";
    words_time(build->theme, word, ms, page_offset_minutes(build->context, ms),
               words);
    return page_keep(build, words);
}

static int characters_of(const char *text)
{
    int count = 0;
    for (uint32_t c = utf8_next(&text); c != 0; c = utf8_next(&text))
        count += c != ' ' && c != WIDE_SPACE;
    return count;
}

/* The reading rule: what is to be read sets how long the page stands. */
int64_t page_reading_ms(const struct page_build *build, const struct page *page)
{
    const struct theme *theme = build->theme;
    bool panel = build->message->kind == MESSAGE_PANEL;
    int64_t floor = panel ? theme->dwell_floor_ms : theme->alert_floor_ms;
    int characters = 0;
    for (size_t i = 0; i < page->count; i++) {
        if (page->elements[i].item.kind == DRAW_TEXT)
            characters += characters_of(page->elements[i].item.text.string);
    }
    int64_t reading = theme->dwell_base_ms +
                      (int64_t)characters * theme->dwell_per_character_ms;
    return reading > floor ? reading : floor;
}

static void time_page(struct page *page, const struct page_build *build)
{
    for (size_t i = 0; i < page->count; i++) {
        const struct page_element *element = &page->elements[i];
        int64_t end = element->begin_ms + element->lasts_ms;
        if (page_motion_ends(element->motion) && end > page->entrance_ms)
            page->entrance_ms = end;
        if (element->motion == PAGE_PASS)
            page->step_ms = build->theme->alert_beat_ms;
    }
    page->dwell_ms = page_reading_ms(build, page);
    if (build->message->kind == MESSAGE_PANEL)
        page->dwell_ms += build->message->panel.schedule.stand_s *
                          INT64_C(1000);
}

const char *page_stack_words(struct page_build *build)
{
    const struct page_place *place = &build->context->place;
    char position[16], total[16], words[WORDS_BYTES];
    if (build->message->kind != MESSAGE_ALERT || place->total <= 1)
        return "";
    snprintf(position, sizeof position, "%d", place->position);
    snprintf(total, sizeof total, "%d", place->total);
    const struct word_slot slots[] = {{"position", position}, {"total", total}};
    words_fill(build->theme, WORD_STACK, slots, 2, words);
    return page_keep(build, words);
}

/* In a corner of the row that is kept free below; a banner's second line is
 * somewhat higher. */
static void put_corner(struct page_build *build, const char *text, bool right)
{
    bool banner = build->context->place.presentation == PRESENTATION_BANNER;
    int below = build->message->kind != MESSAGE_PANEL && banner ? 45 : 22;
    int size = build->geometry.legal_px;
    size_t bytes = strlen(text) + 1;
    struct typeset_glyph *glyphs = page_set_alloc(build->set,
                                                  bytes * sizeof *glyphs);
    if (glyphs == NULL) {
        build->failed = true;
        return;
    }
    struct draw_item item = page_run_item(build->set->metrics, TYPE_SANS, size,
                                          page_keep(build, text), glyphs);
    const struct rect *safe = &build->geometry.safe;
    int x = right ? safe->x + safe->width - item.bounds.width : safe->x;
    item.colour = build->muted;
    page_run_place(&item, x, safe->y + safe->height - size * below / 100);
    page_put(build, &item, PAGE_STILL);
}

/* «1/2» at the right; at the left which of several alerts it is. A banner
 * says that in its first line. On a strip, where a character is dear, as many
 * short bars as pages. */
static void mark_with_number(struct page_build *build, size_t index)
{
    char text[24];
    const char *stack = page_stack_words(build);
    bool banner = build->context->place.presentation == PRESENTATION_BANNER;
    snprintf(text, sizeof text, "%zu/%zu", index + 1, build->set->count);
    if (build->set->count > 1)
        put_corner(build, text, true);
    if (stack[0] != '\0' && !banner)
        put_corner(build, stack, false);
}

static void mark_with_bars(struct page_build *build, size_t index)
{
    int count = (int)build->set->count;
    const struct rect *safe = &build->geometry.safe;
    /* A header may take the left side of the page. */
    const struct rect *row = build->strip ? &build->area : safe;
    int thick = build->mark_px / 2 > 0 ? build->mark_px / 2 : 1;
    int cell = smaller(build->geometry.legal_px, row->width / count);
    int x = row->x + (row->width - cell * count) / 2;
    for (int i = 0; i < count; i++) {
        bool here = i == (int)index;
        int high = here ? thick : (thick + 1) / 2;
        struct rect bar = {x + i * cell, safe->y + safe->height - high,
                           cell > 3 ? cell * 3 / 4 : 1, high};
        page_put_fill(build, bar, 0, here ? build->accent : build->muted,
                      PAGE_STILL);
    }
}

void page_build_finish(struct page_build *build)
{
    page_close(build);
    for (size_t i = 0; i < build->set->count; i++) {
        build->page = &build->set->pages[i];
        time_page(build->page, build);
        if (!build->strip && !page_has_bars(build->message, build->context))
            mark_with_number(build, i);
        else if (build->set->count > 1)
            mark_with_bars(build, i);
    }
    build->page = NULL;
}

void page_put_fill(struct page_build *build, struct rect rect, int radius_px,
                   draw_colour colour, enum page_motion motion)
{
    struct draw_item item = {
        .kind = DRAW_FILL, .bounds = rect, .colour = colour};
    item.fill.radius_px = radius_px;
    page_put(build, &item, motion);
}

void page_put_polygon(struct page_build *build,
                      const struct page_corner *points, int count,
                      draw_colour colour)
{
    struct draw_item item = {.kind = DRAW_POLYGON, .colour = colour};
    float left = points[0].x, right = left;
    float top = points[0].y, bottom = top;
    item.polygon.count = count;
    for (int i = 0; i < count; i++) {
        item.polygon.points[i].x = points[i].x;
        item.polygon.points[i].y = points[i].y;
        left = fminf(left, points[i].x);
        right = fmaxf(right, points[i].x);
        top = fminf(top, points[i].y);
        bottom = fmaxf(bottom, points[i].y);
    }
    int x = (int)floorf(left);
    int y = (int)floorf(top);
    item.bounds = (struct rect){x, y, (int)ceilf(right) - x,
                                (int)ceilf(bottom) - y};
    page_put(build, &item, PAGE_STILL);
}

void page_put_ring(struct page_build *build, float centre_x, float centre_y,
                   float outer_px, float inner_px, double share,
                   draw_colour colour, enum page_motion motion)
{
    struct draw_item item = {.kind = DRAW_ARC, .colour = colour};
    int x = (int)floorf(centre_x - outer_px);
    int y = (int)floorf(centre_y - outer_px);
    item.bounds = (struct rect){x, y, (int)ceilf(centre_x + outer_px) - x,
                                (int)ceilf(centre_y + outer_px) - y};
    item.arc.centre_x = centre_x;
    item.arc.centre_y = centre_y;
    item.arc.outer_px = outer_px;
    item.arc.inner_px = inner_px;
    item.arc.to_turn = (float)share;
    page_put(build, &item, motion);
}

void page_put_rule(struct page_build *build, int y)
{
    int thick = build->sizes[SIZE_LEGAL] / 20;
    struct rect rule = {build->area.x, y, build->area.width,
                        thick > 0 ? thick : 1};
    page_put_fill(build, rule, 0, build->theme->rule, PAGE_STILL);
}

void page_put_icon(struct page_build *build, const struct icon *icon,
                   struct rect square, draw_colour colour, draw_colour ground)
{
    struct draw_list list = {0};

    build->failed |= !icon_draw(icon, square.x, square.y, square.width, colour,
                                ground, &list);
    for (size_t i = 0; i < list.count; i++) {
        page_put(build, &list.items[i], PAGE_STILL);
    }
    draw_list_finish(&list);
}
