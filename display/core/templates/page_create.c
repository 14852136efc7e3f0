/* A message becomes pages: the right template, in the right shape. */
#include "display/core/templates/page_columns.h"
#include "display/core/templates/page_languages.h"
#include "display/core/templates/page_template.h"

#include <stdlib.h>

#include "base/timestamp.h"
#include "display/core/compose/compose.h"

typedef void page_template(struct page_build *build);

static page_template *const templates[TEMPLATE_COUNT] = {
    [TEMPLATE_TITLE] = page_template_title,
    [TEMPLATE_FIGURE] = page_template_figure,
    [TEMPLATE_FIGURES] = page_template_figures,
    [TEMPLATE_COMPARISON] = page_template_comparison,
    [TEMPLATE_SHARE] = page_template_share,
    [TEMPLATE_YEARS] = page_template_years,
    [TEMPLATE_HONOURS] = page_template_items,
    [TEMPLATE_GROWTH] = page_template_growth,
    [TEMPLATE_PLACE] = page_template_items,
    [TEMPLATE_NOTICE] = page_template_notice,
    [TEMPLATE_COUNTDOWN] = page_template_countdown,
    [TEMPLATE_QR] = page_template_qr,
    [TEMPLATE_PHOTO] = page_template_photos,
    [TEMPLATE_POSTER] = page_template_poster,
    [TEMPLATE_SERIES] = page_template_photos,
    [TEMPLATE_SITUATION] = page_template_situation,
};

static bool is_banner(const struct message *message,
                      const struct page_context *context)
{
    return message->kind != MESSAGE_PANEL && !context->safe &&
           context->place.presentation == PRESENTATION_BANNER;
}

static page_template *safe_template_of(const struct message *message)
{
    if (message->kind == MESSAGE_ALERT)
        return page_safe_alert;
    return message->kind == MESSAGE_ALERT_CANCEL ? page_safe_clear
                                                 : page_safe_panel;
}

static page_template *template_of(const struct message *message, bool strip,
                                  bool banner)
{
    if (banner)
        return message->kind == MESSAGE_ALERT ? page_banner_alert
                                              : page_banner_clear;
    if (message->kind == MESSAGE_ALERT)
        return strip ? page_strip_alert : page_template_alert;
    if (message->kind == MESSAGE_ALERT_CANCEL)
        return strip ? page_strip_clear : page_template_clear;
    return templates[message->panel.template];
}

/* Live figures are set with the room that they keep. */
static bool set_live(struct page_set *set, struct message *message,
                     const struct page_context *context)
{
    const struct page_live *live = context->live;
    char words[WORDS_BYTES];

    if (message->kind != MESSAGE_PANEL || live == NULL)
        return true;
    for (size_t i = 0; i < message->panel.figure_count; i++) {
        const struct page_live_figure *figure = &live->figures[i];
        if (!figure->bound)
            continue;
        message->panel.figures[i].value = page_live_wider(figure->room,
                                                          figure->value);
        set->stale |= figure->stale ? 1U << i : 0U;
    }
    page_live_words(context, &message->panel, words);
    set->live_words = page_set_copy(set, words);
    return set->live_words != NULL;
}

/* One pass; mark_px of the page is kept free for the page mark. */
static bool build_pages(struct page_set *set, const struct message *message,
                        const struct page_context *context, bool strip,
                        int mark_px)
{
    struct page_build build;
    struct page_columns columns;
    bool banner = is_banner(message, context);
    struct message own = *message;
    page_set_clear(set);
    page_columns_take(&own, &columns);
    if (!set_live(set, &own, context))
        return false;
    page_build_init(&build, set, context, &own);
    build.strip = strip && !banner;
    build.mark_px = mark_px;
    if (message->kind == MESSAGE_PANEL)
        build.header = build.strip ? NULL : compose_header;
    page_template *template = context->safe
                                  ? safe_template_of(message)
                                  : template_of(message, build.strip, banner);
    struct page_side side = page_side_begin(&build);
    template(&build);
    if (!banner && !context->safe)
        page_columns_say(&build, &columns);
    page_side_end(&build, &side);
    page_build_finish(&build);
    return !build.failed && set->count > 0;
}

static int mark_room(const struct message *message,
                     const struct page_context *context, bool strip)
{
    const struct geometry *geometry = &context->geometry;
    if (strip)
        return geometry->height_px / 32 > 1 ? geometry->height_px / 16 : 2;
    return page_has_bars(message, context) ? geometry->legal_px * 2 / 5
                                           : geometry->legal_px * 3 / 2;
}

/* Pages are built a second time when there is more than one, because they need
 * a page mark. One of several alerts has a mark in any case. */
static bool build_marked(struct page_set *set, const struct message *message,
                         const struct page_context *context, bool strip)
{
    int mark_px = mark_room(message, context, strip);
    bool stacked = !strip && message->kind == MESSAGE_ALERT &&
                   context->place.total > 1;
    if (!build_pages(set, message, context, strip, stacked ? mark_px : 0))
        return false;
    return set->count == 1 || stacked ||
           build_pages(set, message, context, strip, mark_px);
}

static struct page_set *create(const struct message *message,
                               const struct page_context *given)
{
    struct page_context own = *given;
    const struct page_context *context = &own;
    struct page_set *set = calloc(1, sizeof *set);
    if (set == NULL)
        return NULL;
    own.safe |= message->kind == MESSAGE_PANEL &&
                message->panel.unknown_template;
    set->metrics = context->metrics;
    set->texts = typeset_cache_create(context->metrics);
    set->until_ms = TIMESTAMP_NONE;
    set->still = context->motion != MOTION_FULL || context->safe;
    bool strip = message->kind == MESSAGE_PANEL && !context->safe
                     ? !page_is_poster(&context->geometry)
                     : page_message_is_strip(message, &context->geometry);
    bool built = set->texts != NULL &&
                 build_marked(set, message, context, strip);
    /* Without its picture a panel may have room for all of its words. */
    if (built && !strip && own.pictures != NULL &&
        message->kind == MESSAGE_PANEL && message->panel.picture_count > 0 &&
        (set->over || !page_set_fits(set, &context->geometry))) {
        own.pictures = NULL;
        built = build_marked(set, message, context, false);
    }
    /* What is too much for a poster is said one thought a page: nothing is ever
     * cut. */
    if (built && !strip && !is_banner(message, context) &&
        (set->over || !page_set_fits(set, &context->geometry)))
        built = build_marked(set, message, context, true);
    typeset_cache_destroy(set->texts);
    set->texts = NULL;
    if (!built) {
        page_set_destroy(set);
        return NULL;
    }
    return set;
}

struct page_set *page_set_create(const struct message *message,
                                 const struct page_context *given)
{
    struct page_languages *own;
    const struct message *joined;
    if (!page_languages_join(message, &own, &joined))
        return NULL;
    struct page_set *set = create(joined, given);
    page_languages_destroy(own);
    return set;
}
