#include "display/core/page/test_card.h"

#include "display/core/page/page_run.h"

#include <stdio.h>

enum { GRID_CELLS = 12, GREYS = 11 };

struct card {
    const struct page_context *context;
    const struct theme *theme;
    const struct geometry *geometry;
    struct draw_list *out;
    int y; /* where the next row begins */
    bool failed;
};

static void fill(struct card *card, int x, int y, int width, int height,
                 draw_colour colour)
{
    const struct draw_item item = {
        .kind = DRAW_FILL, .bounds = {x, y, width, height}, .colour = colour};

    card->failed |= !draw_list_add(card->out, &item);
}

static void frame(struct card *card, struct rect rect, int px,
                  draw_colour colour)
{
    fill(card, rect.x, rect.y, rect.width, px, colour);
    fill(card, rect.x, rect.y + rect.height - px, rect.width, px, colour);
    fill(card, rect.x, rect.y, px, rect.height, colour);
    fill(card, rect.x + rect.width - px, rect.y, px, rect.height, colour);
}

static int text_width(const struct card *card, enum type_role role, int size_px,
                      const char *text)
{
    return type_pixels(
        page_run_width(card->context->metrics, role, size_px, text));
}

/* One line, smaller if it is wider than the room; returns its size. */
static int say(struct card *card, enum type_role role, int size_px,
               const char *text, struct rect room, draw_colour colour)
{
    while (size_px > 8 && text_width(card, role, size_px, text) > room.width)
        size_px--;
    card->failed |= !page_run_draw(card->context->metrics, role, size_px, text,
                                   room.x, room.y + size_px, colour, card->out);
    return size_px;
}

static void draw_grid(struct card *card)
{
    const struct geometry *geometry = card->geometry;

    for (int i = 1; i < GRID_CELLS; i++) {
        fill(card, geometry->width_px * i / GRID_CELLS, 0, 1,
             geometry->height_px, card->theme->rule);
        fill(card, 0, geometry->height_px * i / GRID_CELLS, geometry->width_px,
             1, card->theme->rule);
    }
    frame(card, geometry->safe, 2, card->theme->muted);
    frame(card, (struct rect){0, 0, geometry->width_px, geometry->height_px}, 1,
          card->theme->text);
}

/* The four levels, side by side. */
static void draw_levels(struct card *card, struct rect room)
{
    enum { LEVELS = ALERT_LEVEL_UNKNOWN };

    for (int i = 0; i < LEVELS; i++) {
        int x = room.x + room.width * i / LEVELS;
        int width = room.x + room.width * (i + 1) / LEVELS - x;
        int pad = room.height / 6;
        fill(card, x, room.y, width, room.height,
             card->theme->levels[i].ground);
        say(card, TYPE_SANS_BOLD, room.height / 2, card->theme->levels[i].word,
            (struct rect){x + pad, room.y + pad, width - 2 * pad, 0},
            card->theme->levels[i].text);
    }
}

/* From black to white: each step must differ from its neighbours. */
static void draw_greys(struct card *card, struct rect room)
{
    static const draw_colour pure[] = {0xffff0000, 0xff00ff00, 0xff0000ff};
    enum { PATCHES = GREYS + 3 };

    for (unsigned i = 0; i < PATCHES; i++) {
        int x = room.x + room.width * (int)i / PATCHES;
        int next = room.x + room.width * (int)(i + 1) / PATCHES;
        unsigned grey = 255 * i / (GREYS - 1);
        fill(card, x, room.y, next - x, room.height,
             i < GREYS ? 0xff000000 | grey << 16 | grey << 8 | grey
                       : pure[i - GREYS]);
    }
}

/* One line of the smallest size for each style of type. */
static const struct {
    enum type_role role;
    const char *text;
    const char *brief; /* where few characters fit: none is made smaller */
} lines[] = {
    {TYPE_SANS, "最小字：请立即撤离 Go", "请撤离"},
    {TYPE_SANS_BOLD, "粗体：0123456789", "0123"},
    {TYPE_SERIF_BOLD, "宋体：公共信息告示", "告示"},
};
enum { LINES = sizeof lines / sizeof lines[0] };

static void draw_line(struct card *card, size_t which)
{
    const struct rect *safe = &card->geometry->safe;
    int legal = card->geometry->legal_px;
    int room = safe->width - legal;
    const char *text = lines[which].text;

    if (card->y + legal * 5 / 4 > safe->y + safe->height)
        return;
    if (text_width(card, lines[which].role, legal, text) > room)
        text = lines[which].brief;
    say(card, lines[which].role, legal, text,
        (struct rect){safe->x + legal / 2, card->y, room, 0},
        card->theme->text);
    card->y += legal * 3 / 2;
}

static void draw_bar(struct card *card, double turn, struct rect room)
{
    int width = room.width / 16;

    fill(card, room.x + (int)((room.width - width) * turn), room.y, width,
         room.height, card->theme->text);
}

/* A row of this share of the glass, if there is room for it. */
static bool row(struct card *card, int height, struct rect *out)
{
    const struct rect *safe = &card->geometry->safe;

    *out = (struct rect){safe->x, card->y, safe->width, height};
    if (height < 4 || card->y + height > safe->y + safe->height)
        return false;
    card->y += height + height / 4;
    return true;
}

static void draw_names(struct card *card, const struct test_card *test)
{
    const struct rect *safe = &card->geometry->safe;
    int size = card->geometry->height_px / 14;
    char text[256];

    snprintf(text, sizeof text, "%s%s%s", test->place_name,
             test->place_name[0] ? "　" : "", test->screen);
    card->y = safe->y + size / 4;
    size =
        say(card, TYPE_SERIF_BOLD, size, text,
            (struct rect){safe->x + size / 2, card->y, safe->width - size, 0},
            card->theme->text);
    card->y += size * 3 / 2;
    size = size * 2 / 3;
    snprintf(text, sizeof text, "%s　最小字 %d px", test->output,
             card->geometry->legal_px);
    say(card, TYPE_SANS, size, text,
        (struct rect){safe->x + size / 2, card->y, safe->width - size, 0},
        card->theme->muted);
    card->y += size * 3 / 2;
}

bool test_card_frame(const struct test_card *test,
                     const struct page_context *context, struct draw_list *out)
{
    struct card card = {.context = context,
                        .theme = context->theme,
                        .geometry = &context->geometry,
                        .out = out};
    int unit = card.geometry->safe.height / 10;
    struct rect room;

    fill(&card, 0, 0, card.geometry->width_px, card.geometry->height_px,
         card.theme->ground);
    draw_grid(&card);
    if (card.geometry->shape == SHAPE_STRIP) {
        /* The smallest size says most here, and there is room for little. */
        card.y = card.geometry->safe.y;
        draw_line(&card, 0);
    } else {
        draw_names(&card, test);
    }
    if (row(&card, unit * 3 / 2, &room))
        draw_levels(&card, room);
    if (row(&card, unit, &room))
        draw_greys(&card, room);
    if (row(&card, unit / 4, &room))
        draw_bar(&card, test->turn, room);
    if (card.geometry->shape == SHAPE_STRIP)
        return !card.failed;
    for (size_t i = 0; i < LINES; i++)
        draw_line(&card, i);
    return !card.failed;
}
