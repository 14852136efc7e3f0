/* Days, then hours, then minutes until a moment. */
#include "display/core/templates/page_template.h"

#include "display/core/compose/compose.h"
#include "display/core/page/page_figure.h"
#include "display/core/page/page_run.h"
#include "display/core/page/page_words.h"

/* Three digits set the size; more are set smaller when they come. */
static int digits_size(struct page_build *build, int width, int height)
{
    struct panel_figure widest = page_figure_of(
        (struct decimal){888, 0}, build->theme->words[WORD_MINUTES]);
    int hero = (int)(build->geometry.height_px * build->theme->hero_share);
    if (build->strip)
        hero = height;
    int size =
        page_figure_fit(build, &widest, width,
                        page_digits_em(build, height < hero ? height : hero));
    return size > 0 ? size : build->geometry.legal_px;
}

/* The lines that stand there afterwards, in the same place. */
static void set_finished(struct page_build *build,
                         struct page_countdown *countdown, struct rect box)
{
    struct page_text text = {.text = build->message->panel.finished,
                             .role = TYPE_SANS_BOLD,
                             .colour = build->accent,
                             .align = countdown->centred ? TYPESET_CENTRE
                                                         : TYPESET_LEFT,
                             .balanced = true,
                             .leading_percent = 120};
    text.size_px = page_text_fit(build, text, box.width, box.height,
                                 countdown->digits_size_px,
                                 build->geometry.legal_px);
    if (text.size_px == 0)
        text.size_px = build->geometry.legal_px;
    int height = page_text_height(build, &text, box.width);
    size_t from = build->page == NULL ? 0 : build->page->count;
    page_put_text(build, &text, box.x, box.y + (box.height - height) / 2,
                  box.width);
    if (build->failed)
        return;
    size_t count = build->page->count - from;
    struct draw_item *items = page_set_alloc(build->set,
                                             (count + 1) * sizeof *items);
    build->failed = items == NULL;
    for (size_t i = 0; i < count && items != NULL; i++)
        items[i] = build->page->elements[from + i].item;
    build->page->count = from;
    countdown->finished = items;
    countdown->finished_count = count;
}

/* What stands there while the clock is not to be trusted: the date. */
static struct draw_item date_item(struct page_build *build, int x,
                                  int baseline_y, int width)
{
    const char *date = page_moment(build, WORD_DATE,
                                   build->message->panel.until_ms);
    struct page_text text = {
        .text = page_filled(build, WORD_UNTIL_DATE, "date", date),
        .role = TYPE_SANS_BOLD,
        .size_px = build->sizes[SIZE_TITLE],
        .colour = build->accent};
    text.size_px = page_run_fit(build, text, width, build->geometry.legal_px);
    struct draw_item item = page_run(build, &text);
    page_run_place(&item, x, baseline_y);
    return item;
}

void page_put_countdown(struct page_build *build, struct rect box, bool centred)
{
    struct page_countdown *countdown = page_set_alloc(build->set,
                                                      sizeof *countdown);
    build->failed = build->failed || countdown == NULL;
    if (build->failed)
        return;
    const struct theme *theme = build->theme;
    int size = digits_size(build, box.width, box.height * 86 / 100);
    int unit = (int)(size * theme->unit_share);
    int legal = build->geometry.legal_px;
    *countdown = (struct page_countdown){
        .until_ms = build->message->panel.until_ms,
        .units = {theme->words[WORD_DAYS], theme->words[WORD_HOURS],
                  theme->words[WORD_MINUTES]},
        .unit_colour = build->text,
        .digits_size_px = size,
        .unit_size_px = unit > legal   ? unit
                        : legal < size ? legal
                                       : size,
        .x = box.x,
        .width_px = box.width,
        .centred = centred,
    };
    for (size_t i = 0; i < 3; i++)
        countdown->units[i] = page_keep(build, countdown->units[i]);
    set_finished(build, countdown, box);
    int rise = page_figure_rise(build, size);
    int both = rise + page_figure_depth(build, size);
    struct draw_item date = date_item(
        build, box.x, box.y + (box.height - both) / 2 + rise, box.width);
    if (centred)
        page_run_place(&date, box.x + (box.width - date.bounds.width) / 2,
                       date.text.baseline_y);
    struct page_element *element = page_put(build, &date, PAGE_COUNTDOWN);
    if (element != NULL)
        element->countdown = countdown;
    build->set->until_ms = countdown->until_ms;
}

/* Of the page's height, at least and at most. */
enum { COUNTDOWN_LEAST_PERCENT = 24, COUNTDOWN_MOST_PERCENT = 60 };

static int countdown_least_px(struct page_build *build)
{
    int least = build->geometry.height_px * COUNTDOWN_LEAST_PERCENT / 100;
    int legal = build->geometry.legal_px * 2;
    if (build->strip)
        return build->geometry.legal_px;
    return least > legal ? least : legal;
}

static int countdown_most_px(struct page_build *build)
{
    return build->geometry.height_px * COUNTDOWN_MOST_PERCENT / 100;
}

/* As high as a hero, in the middle. */
static void put_countdown(struct page_build *build, struct rect box)
{
    int hero = (int)(build->geometry.height_px * build->theme->hero_share);
    int height = hero * 5 / 4 < box.height ? hero * 5 / 4 : box.height;
    if (build->strip)
        height = box.height;
    box.y += (box.height - height) / 2;
    box.height = height;
    page_put_countdown(build, box, build->strip);
}

static const struct compose_picture countdown_picture = {
    put_countdown, countdown_least_px, countdown_most_px, NULL, false, true,
    NULL};

void page_template_countdown(struct page_build *build)
{
    struct compose_sheet sheet = {.arrangements = {[COMPOSE_STACKED] = true}};
    /* What changes by itself stands in a fixed place. */
    build->settle = 0;
    compose_picture(&sheet, COMPOSE_WHOLE, &countdown_picture);
    compose_lines(&sheet, &build->message->panel);
    compose_pages(build, &sheet);
}
