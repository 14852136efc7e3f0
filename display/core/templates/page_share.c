/* A part of a whole: a ring with its number inside. */
#include "display/core/templates/page_template.h"

#include "display/core/page/page_figure.h"
#include "display/core/page/page_words.h"

#define RING_THICK_PERCENT 11
/* The number's width in the hole of the ring. */
#define NUMBER_PERCENT 78
/* Of the page's width, on a landscape page. */
#define RING_COLUMN_PERCENT 46
#define SQUARE_RING_PERCENT 60

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
    int most = build->area.height * 96 / 100;
    if (diameter > most)
        diameter = most;
    put_ring(build, build->area.x + build->area.width - diameter,
             build->area.y + (build->area.height - diameter) / 2, diameter);
    build->area.width -= diameter + 2 * build->gap;
    page_panel_header(build);
}

struct share_words {
    struct page_text label, whole, note;
};

static struct share_words make_words(struct page_build *build,
                                     enum page_size label, enum page_size whole)
{
    const struct panel *panel = &build->message->panel;
    char words[WORDS_BYTES] = "";
    const struct word_slot slot = {"whole", panel->whole};
    if (panel->whole[0] != '\0')
        words_fill(build->theme, WORD_SHARE, &slot, 1, words);
    return (struct share_words){
        .label = {.text = panel->figures[0].label,
                  .role = TYPE_SANS_BOLD,
                  .size_px = build->sizes[label],
                  .colour = build->accent,
                  .balanced = true},
        .whole = {.text = page_keep(build, words),
                  .role = TYPE_SANS,
                  .size_px = build->sizes[whole],
                  .colour = build->text,
                  .balanced = true},
        .note = page_note_text(build, panel->figures[0].note),
    };
}

static int words_height(struct page_build *build,
                        const struct share_words *words, int width)
{
    return page_text_height(build, &words->label, width) +
           page_text_height(build, &words->whole, width) +
           page_text_height(build, &words->note, width);
}

static void flow_words(struct page_build *build,
                       const struct share_words *words)
{
    page_flow_text(build, &words->label);
    page_flow_text(build, &words->whole);
    page_flow_text(build, &words->note);
    page_flow_lines(build);
}

/* A square has room for ring and words side by side below the title. */
static bool put_beside(struct page_build *build)
{
    int height = page_room(build) - page_lines_height(build);
    int diameter = build->area.width * SQUARE_RING_PERCENT / 100;
    if (diameter > height)
        diameter = height;
    struct share_words words = make_words(build, SIZE_BODY, SIZE_LEGAL);
    int used = diameter + build->gap * 3 / 2;
    int column = build->area.width - used;
    int text = words_height(build, &words, column);
    if (diameter < build->sizes[SIZE_DISPLAY] || text > diameter)
        return false;
    int y = page_take(build, diameter);
    put_ring(build, build->area.x, y, diameter);
    int x = build->area.x + used;
    int at = y + (diameter - text) / 2;
    at += page_put_text(build, &words.label, x, at, column);
    at += page_put_text(build, &words.whole, x, at, column);
    page_put_text(build, &words.note, x, at, column);
    page_flow_lines(build);
    return true;
}

static void put_stacked(struct page_build *build)
{
    struct share_words words = make_words(build, SIZE_TITLE, SIZE_BODY);
    int width = build->area.width;
    int most = page_room(build) - words_height(build, &words, width) -
               page_lines_height(build) - build->gap * 2;
    int diameter = width * 80 / 100;
    if (diameter > most)
        diameter = most;
    int least = build->sizes[SIZE_TITLE] * 2;
    if (diameter < least)
        diameter = least;
    int y = page_take(build, diameter);
    put_ring(build, build->area.x, y, diameter);
    page_skip(build, build->gap * 2);
    flow_words(build, &words);
}

void page_template_share(struct page_build *build)
{
    if (build->wide) {
        build->header = wide_header;
        page_open(build);
        struct share_words words = make_words(build, SIZE_TITLE, SIZE_BODY);
        flow_words(build, &words);
        return;
    }
    page_open(build);
    if (build->geometry.shape != SHAPE_SQUARE || !put_beside(build))
        put_stacked(build);
}
