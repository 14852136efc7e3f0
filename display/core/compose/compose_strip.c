/* A strip shows one thought a page, as large as it stands there. Short ones
 * share a page: a page more costs its reader more than a smaller size. */
#include "display/core/compose/compose_parts.h"

#include "display/core/page/page_figure.h"
#include "display/core/page/page_strip.h"

#include <math.h>
#include <string.h>

enum {
    /* A figure takes so much of the height left, where it has that width. */
    FIGURE_PERCENT = 86,
    /* The em of digits with thousands apart, of that height. */
    GROUPED_PERCENT = 88,
    GROUPED_FROM = 10000,
    /* Between a caption and what stands below it or beside it: of the legal
     * size. */
    CAPTION_GAP_PERCENT = 10,
    SIDE_GAP_PERCENT = 60,
    SHORT_EMS = 3,
    /* A caption beside a figure takes at most so much of the width; it has a
     * line for each of its parts where the digits keep so much of their size.
     */
    CAPTION_PERCENT = 60,
    PARTS_PERCENT = 85,
    /* The title is a caption where the digits keep so much of the legal size.
     */
    TITLED_PERCENT = 120,
    ICON_PERCENT = 76, /* of the height */
    ICON_LEAST_PX = 24,
};

struct strip {
    struct page_build *build;
    struct page_strip lines; /* short ones share a page */
    bool titled;             /* the title is said */
};

static void flush(struct strip *strip)
{
    page_strip_flush(&strip->lines);
}

static void say(struct strip *strip, const char *words, enum type_role type,
                draw_colour colour)
{
    page_strip_add(&strip->lines, words, type, colour);
}

static void say_block(struct strip *strip, const struct compose_block *block)
{
    struct page_text style = compose_style(strip->build, block->role,
                                           block->text);
    say(strip, block->text, style.role, style.colour);
}

/* At the left of a new page, which then begins beside it, if the title still
 * has a line there. */
static void put_icon(struct strip *strip)
{
    struct page_build *build = strip->build;
    const struct icon *icon = compose_icon(build);
    const struct rect area = build->area;
    int side = area.height * ICON_PERCENT / 100;

    /* Below an alert words are small, and a great pictogram would be loud. */
    if (icon == NULL || side < ICON_LEAST_PX ||
        build->context->place.presentation != PRESENTATION_FULL)
        return;
    flush(strip);
    page_strip_open(build);
    build->area.x += side + build->gap;
    build->area.width -= side + build->gap;
    if (!page_strip_is_line(build, build->message->panel.title)) {
        build->area = area;
        return;
    }
    page_put_icon(
        build, icon,
        (struct rect){area.x, area.y + (area.height - side) / 2, side, side},
        build->accent, build->ground);
    build->body_from = build->page == NULL ? 0 : build->page->count;
}

static void say_title(struct strip *strip)
{
    struct page_build *build = strip->build;
    const struct panel *panel = &build->message->panel;
    bool opens = panel->template == TEMPLATE_TITLE;
    if (strip->titled)
        return;
    strip->titled = true;
    put_icon(strip);
    enum type_role role = opens ? TYPE_SERIF_BOLD : TYPE_SANS_BOLD;
    struct page_text title = page_strip_text(build, panel->title, role,
                                             build->text);
    page_strip_fit(build, &title, build->area.width, build->area.height);
    say(strip, panel->title, role, opens ? build->accent : build->text);
    /* On a page of its own it is no louder than the title. */
    strip->lines.most_px = title.size_px;
    say(strip, panel->subtitle, TYPE_SANS, build->muted);
    strip->lines.most_px = 0;
}

/* A caption with its figure on one page. */
struct captioned {
    struct page_text caption;
    int caption_px; /* its width beside the figure; 0: it stands above */
    int em;         /* 0: there is no room for both */
    bool below;     /* the unit stands below the digits */
};

static int figure_em(const struct page_build *build,
                     const struct panel_figure *figure, int width, int height)
{
    int em = compose_figure_em(build, figure, width,
                               height * FIGURE_PERCENT / 100);
    if (em == 0 || compose_figure_px(build, em) > height)
        return 0;
    /* A comma reaches below the base line. */
    int most = height * GROUPED_PERCENT / 100;
    if (fabs(decimal_to_double(figure->value)) >= GROUPED_FROM && em > most)
        em = most > build->geometry.legal_px ? most : build->geometry.legal_px;
    return page_strip_most_px(build, SIZE_DISPLAY, em);
}

static int caption_line_px(const struct page_build *build)
{
    int legal = build->sizes[SIZE_LEGAL];
    return legal * PAGE_STRIP_LEADING / 100 + legal * CAPTION_GAP_PERCENT / 100;
}

static int side_gap_px(const struct page_build *build)
{
    return build->sizes[SIZE_LEGAL] * SIDE_GAP_PERCENT / 100;
}

static struct page_text caption_text(const struct page_build *build,
                                     const char *words)
{
    return page_strip_text(build, words, TYPE_SANS, build->muted);
}

/* Over the width, with the gap below it. */
static int caption_px(struct page_build *build, const struct page_text *caption)
{
    if (caption->text[0] == '\0')
        return 0;
    return page_text_height(build, caption, build->area.width) +
           build->sizes[SIZE_LEGAL] * CAPTION_GAP_PERCENT / 100;
}

static struct captioned caption_above(struct page_build *build,
                                      const char *words,
                                      const struct panel_figure *figure)
{
    struct captioned out = {.caption = caption_text(build, words)};
    int size = out.caption.size_px;
    int line = caption_px(build, &out.caption);
    if (line == 0 || page_text_fit_words(build, out.caption, build->area.width,
                                         build->area.height, size, size) > 0)
        out.em = figure_em(build, figure, build->area.width,
                           build->area.height - line);
    return out;
}

/* In the narrowest column that parts no word of it. */
static struct captioned caption_beside(struct page_build *build,
                                       const char *words,
                                       const struct panel_figure *figure)
{
    struct captioned out = {.caption = caption_text(build, words)};
    int legal = build->sizes[SIZE_LEGAL];
    int most = build->area.width * CAPTION_PERCENT / 100;
    out.caption.align = TYPESET_LEFT;
    /* A word of three characters stays on a line. */
    int line = page_run_px(build, &out.caption);
    int least = line <= legal * SHORT_EMS ? line + 1 : 2 * legal;
    for (int width = least; width <= most; width += legal / 2 + 1) {
        if (page_text_fit_words(build, out.caption, width, build->area.height,
                                legal, legal) == 0)
            continue;
        out.caption_px = page_text_width(build, &out.caption, width) + 1;
        int rest = build->area.width - out.caption_px - side_gap_px(build);
        out.em = figure_em(build, figure, rest, build->area.height);
        break;
    }
    return out;
}

static struct captioned captioned_with(struct page_build *build,
                                       const char *words,
                                       const struct panel_figure *figure,
                                       bool below)
{
    build->unit_below = below;
    struct captioned above = caption_above(build, words, figure);
    struct captioned beside = {0}, parts = {0};
    if (words[0] != '\0') {
        beside = caption_beside(build, words, figure);
        parts = caption_beside(build, page_strip_parts(build, words), figure);
    }
    if (parts.em * 100 >= beside.em * PARTS_PERCENT)
        beside = parts;
    build->unit_below = false;
    above.below = beside.below = below;
    return beside.em > above.em ? beside : above;
}

/* What is no strip has the height for a unit below digits that would be under
 * their law beside it. */
static struct captioned captioned(struct page_build *build, const char *words,
                                  const struct panel_figure *figure)
{
    struct captioned way = captioned_with(build, words, figure, false);
    int law = page_digits_em(build, compose_hero_least_px(&build->geometry));
    if (build->geometry.shape == SHAPE_STRIP || way.em >= law)
        return way;
    struct captioned below = captioned_with(build, words, figure, true);
    return below.em > way.em ? below : way;
}

/* As a page of its own has room for both: the one that is open may be narrower,
 * beside a pictogram. */
static struct captioned captioned_alone(struct page_build *build,
                                        const char *words,
                                        const struct panel_figure *figure)
{
    struct rect area = build->area;
    build->area.x = build->geometry.safe.x;
    build->area.width = build->geometry.safe.width;
    struct captioned way = captioned(build, words, figure);
    build->area = area;
    return way;
}

static void put_captioned(struct page_build *build,
                          const struct captioned *captioned,
                          const struct panel_figure *figure,
                          struct decimal from)
{
    page_strip_open(build);
    struct rect area = build->area;
    const struct page_text *caption = &captioned->caption;
    build->unit_below = captioned->below;
    int figure_px = compose_figure_px(build, captioned->em);
    int width = page_figure_width(build, figure, captioned->em);
    int x = area.x + (area.width - width) / 2;
    int y = area.y + (area.height - figure_px) / 2;
    if (captioned->caption_px > 0) {
        int left = captioned->caption_px + side_gap_px(build);
        int height = page_text_height(build, caption, captioned->caption_px);
        x = area.x + (area.width - width - left) / 2 + left;
        page_put_text(build, caption, x - left,
                      area.y + (area.height - height) / 2,
                      captioned->caption_px);
    } else if (caption->text[0] != '\0') {
        int line = caption_px(build, caption);
        int spare = area.height - line - figure_px;
        int top = area.y + spare / 3;
        page_put_text(build, caption, area.x, top, area.width);
        y = top + line + spare / 3;
    }
    page_put_figure(build, figure, from, x,
                    y + page_figure_rise(build, captioned->em), captioned->em);
    build->unit_below = false;
    build->y = area.y + area.height;
}

/* Where nothing holds them together, the caption is said on the page before,
 * and a figure without any room in words. */
static void say_figure(struct strip *strip, const char *caption,
                       const struct panel_figure *figure, struct decimal from)
{
    struct page_build *build = strip->build;
    struct captioned way = captioned_alone(build, caption, figure);
    if (way.em == 0) {
        say(strip, caption, TYPE_SANS, build->text);
        way = captioned_alone(build, "", figure);
    }
    if (way.em == 0) {
        say(strip, page_figure_words(build, figure), TYPE_SANS_BOLD,
            build->accent);
        return;
    }
    flush(strip);
    put_captioned(build, &way, figure, from);
}

static size_t count_of(const struct compose_sheet *sheet,
                       enum compose_role role)
{
    size_t count = 0;
    for (size_t i = 0; i < sheet->count; i++)
        count += sheet->blocks[i].role == role;
    return count;
}

/* The title of a panel with one figure is its caption, where that leaves the
 * digits large. */
static const char *titled_caption(struct strip *strip,
                                  const struct compose_sheet *sheet,
                                  const char *label,
                                  const struct panel_figure *figure)
{
    struct page_build *build = strip->build;
    const struct panel *panel = &build->message->panel;
    const char *const ways[] = {page_strip_joined(build, panel->title, label),
                                page_strip_stacked(build, panel->title, label)};
    int least = build->sizes[SIZE_LEGAL] * TITLED_PERCENT / 100;
    int law = page_digits_em(build, compose_hero_least_px(&build->geometry));
    if (build->geometry.shape != SHAPE_STRIP && law > least)
        least = law;
    if (strip->titled || panel->subtitle[0] != '\0' ||
        count_of(sheet, COMPOSE_FIGURE) > 1 ||
        count_of(sheet, COMPOSE_CELLS) > 0)
        return NULL;
    for (size_t i = 0; i < 2; i++) {
        if (captioned(build, ways[i], figure).em >= least)
            return ways[i];
    }
    return NULL;
}

static void put_figure(struct strip *strip, const struct compose_sheet *sheet,
                       size_t index)
{
    const struct compose_block *block = &sheet->blocks[index];
    bool labelled = index > 0 && sheet->blocks[index - 1].role == COMPOSE_LABEL;
    const char *label = labelled ? sheet->blocks[index - 1].text : "";
    const char *titled = titled_caption(strip, sheet, label, block->figure);
    if (titled == NULL)
        say_title(strip);
    strip->titled = true;
    say_figure(strip, titled == NULL ? label : titled, block->figure,
               block->from);
}

/* A picture has a page, under the title where both have room. */
static void put_picture(struct strip *strip,
                        const struct compose_picture *picture)
{
    struct page_build *build = strip->build;
    const struct panel *panel = &build->message->panel;
    int line = caption_line_px(build);
    bool under = !strip->titled && page_strip_is_line(build, panel->title) &&
                 build->area.height - line >= picture->least_px(build);
    if (!under)
        say_title(strip);
    flush(strip);
    page_strip_open(build);
    struct rect box = build->area;
    if (under) {
        struct page_text caption = caption_text(build, panel->title);
        page_put_text(build, &caption, box.x, box.y, box.width);
        box.y += line;
        box.height -= line;
    }
    build->settle = 0;
    picture->put(build, box);
    build->y = build->area.y + build->area.height;
    if (under)
        say(strip, panel->subtitle, TYPE_SANS, build->text);
    strip->titled = true;
}

/* A name stands on one line with what it is, or on two of one page. */
static void say_name(struct strip *strip, const struct compose_cell *cell)
{
    struct page_build *build = strip->build;
    const char *both = page_strip_joined(build, cell->label, cell->detail);
    if (cell->detail[0] != '\0' && page_strip_is_line(build, both)) {
        say(strip, both, TYPE_SANS, build->text);
        return;
    }
    page_strip_need(&strip->lines, cell->detail[0] == '\0' ? 1 : 2);
    say(strip, cell->label, TYPE_SANS_BOLD, build->text);
    say(strip, cell->detail, TYPE_SANS, build->accent);
}

static void put_cells(struct strip *strip, const struct compose_block *block)
{
    struct page_build *build = strip->build;
    for (size_t i = 0; i < block->cell_count; i++) {
        const struct compose_cell *cell = &block->cells[i];
        if (cell->figure == NULL) {
            say_name(strip, cell);
            continue;
        }
        say_figure(strip, cell->label, cell->figure, (struct decimal){0, 0});
        say(strip, cell->note, TYPE_SANS, build->text);
    }
}

static void put_block(struct strip *strip, const struct compose_sheet *sheet,
                      size_t index)
{
    const struct compose_block *block = &sheet->blocks[index];
    bool figure = index + 1 < sheet->count &&
                  sheet->blocks[index + 1].role == COMPOSE_FIGURE;
    if (block->role == COMPOSE_LABEL && figure)
        return; /* said with it */
    if (block->role == COMPOSE_FIGURE) {
        put_figure(strip, sheet, index);
        return;
    }
    if (block->role == COMPOSE_PICTURE) {
        put_picture(strip, block->picture);
        return;
    }
    say_title(strip);
    if (block->role == COMPOSE_CELLS)
        put_cells(strip, block);
    else
        say_block(strip, block);
}

void compose_strip(struct page_build *build, const struct compose_sheet *sheet)
{
    struct strip strip = {.build = build, .lines = {.build = build}};
    build->settle = 0.5;
    page_strip_open(build);
    for (size_t i = 0; i < sheet->count && !build->failed; i++)
        put_block(&strip, sheet, i);
    say_title(&strip);
    flush(&strip);
    page_strip_close_empty(build);
}
