/* A part of a whole: a ring with its number inside. */
#include "display/core/templates/page_template.h"

#include "display/core/compose/compose.h"
#include "display/core/page/page_figure.h"
#include "display/core/page/page_strip.h"
#include "display/core/page/page_words.h"

#define RING_THICK_PERCENT 11
/* The number's width in the hole of the ring. */
#define NUMBER_PERCENT 78
/* Of the page's width, for the words beside the ring. */
#define BESIDE_PERCENT 42
/* Of the page's height, at least and at most. */
enum { RING_LEAST_PERCENT = 24, RING_MOST_PERCENT = 88 };

static void put_ring(struct page_build *build, struct rect box)
{
    int x = box.x;
    int y = box.y;
    int diameter = box.height;
    const struct panel_figure *figure = &build->message->panel.figures[0];
    float outer = (float)diameter / 2;
    float inner = outer * (1 - 2 * RING_THICK_PERCENT / 100.0F);
    float centre_x = (float)x + outer;
    float centre_y = (float)y + outer;
    double share = decimal_to_double(page_figure_value(build, figure)) / 100;
    share = share < 0 ? 0 : share > 1 ? 1 : share;
    page_put_ring(build, centre_x, centre_y, outer, inner, 1,
                  build->theme->rule, PAGE_STILL);
    page_put_ring(build, centre_x, centre_y, outer, inner, share, build->accent,
                  PAGE_SWEEP);
    if (!build->failed && build->page != NULL)
        build->page->elements[build->page->count - 1].live =
            page_live_number(build, figure);
    int room = (int)(2 * inner) * NUMBER_PERCENT / 100;
    int size = page_figure_fit(build, figure, room, room);
    if (size == 0)
        size = build->geometry.legal_px;
    int width = page_figure_width(build, figure, size);
    page_put_figure(build, figure, (struct decimal){0, 0},
                    (int)centre_x - width / 2,
                    (int)centre_y + page_figure_rise(build, size) / 2, size);
}

/* Its number is a hero too. */
static int ring_least_px(struct page_build *build)
{
    const struct panel_figure *figure = &build->message->panel.figures[0];
    int em = build->geometry.legal_px * 3 / 2;
    int width = page_figure_width(build, figure, em) * 100 / NUMBER_PERCENT;
    int hole = width * 100 / (100 - 2 * RING_THICK_PERCENT);
    int least = build->geometry.height_px * RING_LEAST_PERCENT / 100;
    return hole > least ? hole : least;
}

static int ring_most_px(struct page_build *build)
{
    return build->geometry.height_px * RING_MOST_PERCENT / 100;
}

static const struct compose_picture ring = {
    put_ring, ring_least_px, ring_most_px, NULL, true, true, NULL};

static void add_poster(struct compose_sheet *sheet,
                       const struct panel_figure *figure, const char *whole)
{
    compose_picture(sheet, COMPOSE_RIGHT, &ring);
    compose_text(sheet, COMPOSE_CAPTION, COMPOSE_LEFT, figure->label);
    compose_text(sheet, COMPOSE_CONTEXT, COMPOSE_LEFT, whole);
}

static void add_strip(struct page_build *build, struct compose_sheet *sheet,
                      const char *whole)
{
    const struct panel_figure *figure = &build->message->panel.figures[0];
    compose_text(sheet, COMPOSE_LABEL, COMPOSE_WHOLE,
                 page_strip_joined(build, figure->label, whole));
    compose_figure(sheet, COMPOSE_WHOLE, figure, (struct decimal){0, 0});
}

/* Whether the words have a line beside the ring, which takes half of a square.
 */
static bool stands_beside(struct page_build *build, const char *whole)
{
    struct page_text text = compose_style(build, COMPOSE_CONTEXT, whole);
    text.size_px = build->geometry.legal_px;
    return build->wide || page_run_px(build, &text) <=
                              build->geometry.safe.width * BESIDE_PERCENT / 100;
}

void page_template_share(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    const char *whole = page_filled(build, WORD_SHARE, "whole", panel->whole);
    struct compose_sheet sheet = {
        .arrangements = {
            [COMPOSE_STACKED] = true, [COMPOSE_MARGIN] = build->wide}};
    sheet.arrangements[COMPOSE_BESIDE] = stands_beside(build, whole);
    if (build->strip)
        add_strip(build, &sheet, whole);
    else
        add_poster(&sheet, &panel->figures[0], whole);
    compose_text(&sheet, COMPOSE_NOTE, COMPOSE_LEFT, panel->figures[0].note);
    compose_text(&sheet, COMPOSE_NOTE, COMPOSE_LEFT, page_live_note(build));
    compose_lines(&sheet, panel);
    compose_pages(build, &sheet);
}
