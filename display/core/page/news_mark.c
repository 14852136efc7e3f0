/* Draws the mark of old news. */
#include "display/core/page/news_mark.h"

#include "display/core/page/page_run.h"

/* The margin holds a line of so many hundredths of the legal size. */
#define LINE_PERCENT 118
#define SQUARE_DIVISOR 160

static struct draw_item make_ring(const struct news_mark *mark, int x,
                                  int baseline)
{
    float radius = (float)mark->size_px * 0.3F;
    int side = (int)(2 * radius) + 1;
    struct draw_item ring = {.kind = DRAW_ARC, .colour = mark->colour};

    ring.arc.centre_x = (float)x + radius;
    ring.arc.centre_y = (float)baseline - (float)mark->size_px * 0.38F;
    ring.arc.outer_px = radius;
    ring.arc.inner_px = radius * 0.6F;
    ring.arc.from_turn = 0.125F;
    ring.arc.to_turn = 0.875F;
    ring.bounds = (struct rect){x, (int)(ring.arc.centre_y - radius), side,
                                side + 1};
    return ring;
}

bool news_mark_put(const struct news_mark *mark,
                   const struct page_context *context, int x, int baseline,
                   int room, struct draw_list *out, int *end_x)
{
    const struct draw_item ring = make_ring(mark, x, baseline);
    int after = x + ring.bounds.width + mark->size_px / 4;
    char words[WORDS_BYTES];

    words_news(context->theme, mark->news, mark->now_ms,
               page_offset_minutes(context, mark->news->until_ms), words);
    int width = type_pixels(
        page_run_width(context->metrics, TYPE_SANS, mark->size_px, words));
    bool fits = after + width - x <= room;
    *end_x = fits ? after + width + mark->size_px : after;
    return draw_list_add(out, &ring) &&
           (!fits || page_run_draw(context->metrics, TYPE_SANS, mark->size_px,
                                   words, after, baseline, mark->colour, out));
}

bool news_mark_put_square(const struct page_context *context,
                          draw_colour colour, struct draw_list *out)
{
    const struct geometry *glass = &context->geometry;
    int least = glass->width_px < glass->height_px ? glass->width_px
                                                   : glass->height_px;
    int side = 2 * (least >= 2 * SQUARE_DIVISOR ? least / SQUARE_DIVISOR : 1);
    const struct draw_item square = {
        .kind = DRAW_FILL,
        .bounds = {glass->width_px - side, glass->height_px - side, side, side},
        .colour = colour};

    return draw_list_add(out, &square);
}

/* The light that passes along the edge of an alert has the colour of text: in
 * the margin words need a ground of their own. Covers from the mark to end_x.
 */
static bool put_ground(const struct geometry *glass, draw_colour colour,
                       struct draw_list *out)
{
    const struct draw_item ground = {
        .kind = DRAW_FILL,
        .bounds = {glass->safe.x - glass->margin_px / 4,
                   glass->height_px - glass->margin_px, 0, glass->margin_px},
        .colour = colour};

    return draw_list_add(out, &ground);
}

bool news_mark_in_margin(const struct news_reach *news, int64_t now_ms,
                         const struct message *message,
                         const struct page_context *context,
                         struct draw_list *out)
{
    const struct geometry *glass = &context->geometry;
    const struct theme *theme = context->theme;
    int margin = glass->margin_px;
    bool holds = glass->legal_px * LINE_PERCENT / 100 <= margin;
    bool alert = message->kind == MESSAGE_ALERT;
    const struct news_mark mark = {
        .news = news,
        .now_ms = now_ms,
        .colour = alert ? theme->levels[message->alert.level].text
                        : theme->clear_text,
        .size_px = holds ? glass->legal_px : margin * 100 / LINE_PERCENT,
    };
    /* Nearer to the page than to the edge, which a bezel may cover. */
    int below = (margin - mark.size_px) * 3 / 4 + mark.size_px * 12 / 100;
    size_t at = out->count;
    int end_x;

    if (glass->shape == SHAPE_STRIP)
        return news_mark_put_square(context, mark.colour, out);
    if (!put_ground(glass,
                    alert ? theme->levels[message->alert.level].ground
                          : theme->clear_ground,
                    out) ||
        !news_mark_put(&mark, context, glass->safe.x, glass->height_px - below,
                       holds ? glass->safe.width : 0, out, &end_x))
        return false;
    out->items[at].bounds.width = end_x - out->items[at].bounds.x;
    return true;
}
