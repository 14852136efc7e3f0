/* A part of a whole: a ring with its number inside. */
#include "display/core/page_template.h"

#include "display/core/page_figure.h"
#include "display/core/page_words.h"

#define RING_THICK_PERCENT 11
/* The number's width in the hole of the ring. */
#define NUMBER_PERCENT 78
/* Of the page's width, on a landscape page. */
#define RING_COLUMN_PERCENT 46

static void put_ring(struct page_build *build, int x, int y, int diameter)
{
    const struct panel_figure *figure = &build->message->panel.figures[0];
    float outer = (float)diameter / 2;
    float inner = outer * (1 - 2 * RING_THICK_PERCENT / 100.0F);
    float centre_x = (float)x + outer;
    float centre_y = (float)y + outer;
    double share = decimal_to_double(figure->value) / 100;
    share = share < 0 ? 0 : share > 1 ? 1 : share;
    page_put_ring(build, centre_x, centre_y, outer, inner, 1,
                  build->theme->rule, PAGE_STILL);
    page_put_ring(build, centre_x, centre_y, outer, inner, share, build->accent,
                  PAGE_SWEEP);
    page_with_previous(build);
    int room = (int)(2 * inner) * NUMBER_PERCENT / 100;
    int size = page_figure_fit(build, figure, room, room);
    if (size == 0)
        size = build->geometry.legal_px;
    int width = page_figure_width(build, figure, size);
    page_put_figure(build, figure, (struct decimal){0, 0},
                    (int)centre_x - width / 2,
                    (int)centre_y + page_figure_rise(build, size) / 2, size);
}

/* The ring takes the page's right side, from top to bottom. */
static void wide_header(struct page_build *build)
{
    int diameter = build->area.width * RING_COLUMN_PERCENT / 100;
    if (diameter > build->area.height)
        diameter = build->area.height;
    put_ring(build, build->area.x + build->area.width - diameter,
             build->area.y + (build->area.height - diameter) / 2, diameter);
    build->area.width -= diameter + 2 * build->gap;
    page_panel_header(build);
}

static void flow_words(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    char words[WORDS_BYTES] = "";
    const struct word_slot slot = {"whole", panel->whole};
    if (panel->whole[0] != '\0')
        words_fill(build->theme, WORD_SHARE, &slot, 1, words);
    struct page_text label = {.text = panel->figures[0].label,
                              .role = TYPE_SANS_BOLD,
                              .size_px = build->sizes[SIZE_TITLE],
                              .colour = build->accent,
                              .balanced = true};
    struct page_text whole = {.text = page_keep(build, words),
                              .role = TYPE_SANS,
                              .size_px = build->sizes[SIZE_BODY],
                              .colour = build->text,
                              .balanced = true};
    struct page_text note = {.text = panel->figures[0].note,
                             .role = TYPE_SANS,
                             .size_px = build->sizes[SIZE_LEGAL],
                             .colour = build->muted};
    page_flow_text(build, &label);
    page_flow_text(build, &whole);
    page_flow_text(build, &note);
    page_flow_lines(build);
}

void page_template_share(struct page_build *build)
{
    if (build->wide) {
        build->header = wide_header;
        page_open(build);
        flow_words(build);
        return;
    }
    page_open(build);
    int diameter = build->area.width * 80 / 100;
    int most = build->area.height * 62 / 100;
    if (diameter > most)
        diameter = most;
    int y = page_take(build, diameter);
    put_ring(build, build->area.x, y, diameter);
    page_skip(build, build->gap * 2);
    flow_words(build);
}
