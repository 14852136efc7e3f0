/* Pages of safe mode, and of an alert that stopped the screen before: every
 * word of the message, one below the other on a plain ground. No chart, no
 * code, no shape, nothing that moves: as little as can go wrong. */
#include "display/core/templates/page_template.h"

#include "display/core/page/page_figure.h"
#include "display/core/page/page_strip.h"
#include "display/core/page/page_words.h"
#include "display/core/templates/page_alert_order.h"
#include "display/core/templates/page_clear.h"

#include <stdio.h>

/* What to do stands as large as this share of the page's height allows. */
enum { ORDER_PERCENT = 45, REMINDER_PERCENT = 30 };

static void say_in(struct page_build *build, const char *words,
                   enum type_role role, enum page_size size, draw_colour colour)
{
    struct page_text text = {.text = words,
                             .role = role,
                             .size_px = build->sizes[size],
                             .colour = colour};
    if (words[0] == '\0')
        return;
    if (build->strip) {
        page_strip_say(build, words, role, colour);
        return;
    }
    page_flow_text(build, &text);
    page_skip(build, build->gap / 2);
}

static void say(struct page_build *build, const char *words)
{
    say_in(build, words, TYPE_SANS, SIZE_BODY, build->text);
}

/* Two texts in one paragraph, a space between. */
static void say_both(struct page_build *build, const char *first,
                     const char *second)
{
    say(build, page_strip_joined(build, first, second));
}

static void say_figures(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    for (size_t i = 0; i < panel->figure_count; i++) {
        const struct panel_figure *figure = &panel->figures[i];
        say(build, figure->label);
        say_in(build, page_figure_words(build, figure), TYPE_SANS_BOLD,
               SIZE_TITLE, build->text);
        say(build, figure->note);
    }
    say(build, page_live_note(build));
}

static const char *with_unit(struct page_build *build, struct decimal value,
                             const char *unit)
{
    return page_labelled(build, page_digits_words(build, value), unit);
}

static void say_baseline(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    if (panel->template != TEMPLATE_COMPARISON)
        return;
    say_both(build, panel->baseline_label,
             panel->baseline_known ? with_unit(build, panel->baseline_value,
                                               panel->figures[0].unit)
                                   : "");
    say(build, page_ratio_words(build));
}

static void say_points(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    for (size_t i = 0; i < panel->point_count; i++)
        say_both(build, panel->points[i].label,
                 with_unit(build, panel->points[i].value, panel->unit));
}

static void say_years(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    const struct theme *theme = build->theme;
    char words[WORDS_BYTES];
    if (panel->years == 0)
        return;
    snprintf(words, sizeof words, "%s %d %s", theme->words[WORD_RUNNING],
             panel->years, theme->words[WORD_YEARS]);
    say_both(build, page_keep(build, words), panel->honour);
}

static void say_captions(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    for (size_t i = 0; i < panel->picture_count; i++)
        say_both(build, panel->pictures[i].caption, panel->pictures[i].credit);
}

void page_safe_panel(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    build->header = NULL;
    if (!build->strip)
        page_open(build);
    say_in(build, panel->title, TYPE_SANS_BOLD, SIZE_TITLE, build->text);
    say(build, panel->subtitle);
    say(build, page_level_words(build));
    say(build, page_history_words(build));
    say(build, panel->now_label);
    say_figures(build);
    say_baseline(build);
    say(build, page_filled(build, WORD_SHARE, "whole", panel->whole));
    say_years(build);
    say_points(build);
    say(build, panel->address);
    for (size_t i = 0; i < panel->item_count; i++)
        say_both(build, panel->items[i].text, panel->items[i].detail);
    say(build, panel->body);
    say(build, page_filled(build, WORD_UNTIL_DATE, "date",
                           page_moment(build, WORD_DAY_TIME, panel->until_ms)));
    say(build, panel->caption);
    say_captions(build);
    say(build, panel->url);
    for (size_t i = 0; i < panel->line_count; i++)
        say(build, panel->lines[i]);
    say(build, page_source_words(build));
}

static void say_facts(struct page_build *build, const struct alert_facts *facts)
{
    for (size_t i = 0; i < facts->count; i++)
        say_both(build, facts->items[i].label, facts->items[i].text);
}

static const char *event_words(struct page_build *build)
{
    return page_strip_joined(build, page_alert_event(build),
                             page_stack_words(build));
}

static void put_above(struct page_build *build, const struct page_text *text)
{
    page_narrow(build, page_put_text(build, text, build->area.x, build->area.y,
                                     build->area.width) +
                           build->gap);
}

/* The order on the pages after its own, if it leaves room for the rest. */
static void put_reminder(struct page_build *build)
{
    struct page_text order = page_alert_order(build);
    order.size_px = page_text_fit(build, order, build->area.width,
                                  build->area.height * REMINDER_PERCENT / 100,
                                  build->sizes[SIZE_TITLE],
                                  build->sizes[SIZE_LEGAL]);
    if (order.size_px > 0)
        put_above(build, &order);
}

/* What it is, how grave, and what to do stands on every page; a strip says it
 * alone. */
static void alert_header(struct page_build *build)
{
    struct page_text event = {.text = event_words(build),
                              .role = TYPE_SANS_BOLD,
                              .size_px = build->sizes[SIZE_TITLE],
                              .colour = build->text};
    page_put_drill_mark(build);
    if (build->strip)
        return;
    put_above(build, &event);
    if (build->set->count > 1)
        put_reminder(build);
}

static void say_order(struct page_build *build)
{
    struct page_text text = page_alert_order(build);
    if (build->strip) {
        page_strip_say(build, text.text, text.role, text.colour);
        return;
    }
    text.size_px = page_text_fit(build, text, build->area.width,
                                 build->area.height * ORDER_PERCENT / 100,
                                 build->sizes[SIZE_DISPLAY],
                                 build->sizes[SIZE_BODY]);
    if (text.size_px == 0)
        text.size_px = build->sizes[SIZE_BODY];
    page_flow_text(build, &text);
    page_skip(build, build->gap);
}

void page_safe_alert(struct page_build *build)
{
    const struct alert *alert = &build->message->alert;
    page_alert_colours(build);
    build->header = alert_header;
    if (build->strip)
        page_strip_say(build, event_words(build), TYPE_SANS_BOLD, build->text);
    else
        page_open(build);
    say_order(build);
    struct alert_facts facts;
    page_alert_facts(build, &facts);
    say_facts(build, &facts);
    for (size_t i = 0; i < alert->contact_count; i++)
        say_both(build, build->theme->words[WORD_CONTACTS],
                 page_alert_contact(build, i));
    say(build, page_alert_response(build));
    if (alert->instruction[0] != '\0')
        say(build, alert->headline);
    say(build, alert->description);
    struct alert_text texts[LIMIT_LANGUAGES + 1];
    size_t count = alert_languages(alert, texts);
    for (size_t i = 0; i < count; i++) {
        say(build, texts[i].event);
        say(build, texts[i].headline);
        say(build, texts[i].instruction);
    }
    say(build, alert->web);
}

void page_safe_clear(struct page_build *build)
{
    struct alert_facts facts;
    page_clear_colours(build);
    build->header = page_put_drill_mark;
    if (!build->strip)
        page_open(build);
    say_in(build,
           page_strip_joined(build, page_clear_event(build),
                             build->theme->words[WORD_CLEAR]),
           TYPE_SANS_BOLD, SIZE_DISPLAY, build->text);
    say(build, page_clear_remaining(build));
    say(build, build->message->cancel.reason);
    page_clear_facts(build, &facts);
    say_facts(build, &facts);
    say(build, page_clear_english(build));
}
