/* 解除: an alert has ended. Calm, for a bounded time. */
#include "display/core/templates/page_clear.h"

#include "display/core/page/page_strip.h"
#include "display/core/page/page_words.h"
#include "display/core/templates/page_template.h"

#include <stdio.h>

/* The alert that ended; NULL: not known. */
static const struct alert *ended_alert(const struct page_build *build)
{
    const struct message *ended = build->message->cancel.ended;

    return ended == NULL ? NULL : &ended->alert;
}

const char *page_clear_event(struct page_build *build)
{
    const struct alert *alert = ended_alert(build);
    const char *event = build->message->cancel.event;
    enum alert_level level = ALERT_LEVEL_UNKNOWN;

    if (alert != NULL) {
        level = alert->level;
        event = event[0] == '\0' ? alert->event : event;
    }
    return page_strip_joined(build, event, build->theme->levels[level].word);
}

static int remaining(const struct page_build *build)
{
    return build->context->place.total;
}

const char *page_clear_remaining(struct page_build *build)
{
    char count[16] = "";

    if (remaining(build) > 0)
        snprintf(count, sizeof count, "%d", remaining(build));
    return page_filled(build, WORD_REMAINING, "count", count);
}

const char *page_clear_english(struct page_build *build)
{
    const struct alert *alert = ended_alert(build);

    return page_filled(build,
                       remaining(build) > 0 ? WORD_ENDED_EN : WORD_ALL_CLEAR_EN,
                       "event", alert == NULL ? "" : alert->event_en);
}

void page_clear_facts(struct page_build *build, struct alert_facts *out)
{
    const struct alert *alert = ended_alert(build);

    out->count = 0;
    page_alert_add_fact(build, out, WORD_AREA, alert ? alert->area : "");
    page_alert_add_fact(
        build, out, WORD_ENDED,
        page_moment(build, WORD_DAY_TIME, build->message->issued_ms));
    page_alert_add_fact(build, out, WORD_SENDER, alert ? alert->sender : "");
}

void page_clear_colours(struct page_build *build)
{
    build->ground = build->theme->clear_ground;
    build->text = build->theme->clear_text;
    build->muted = build->text;
    build->accent = build->text;
}

static void flow(struct page_build *build, const char *words,
                 enum type_role role, int size_px)
{
    const struct page_text text = {.text = words,
                                   .role = role,
                                   .size_px = size_px,
                                   .colour = build->text,
                                   .align = TYPESET_CENTRE,
                                   .balanced = true};

    page_flow_text(build, &text);
}

static void flow_facts(struct page_build *build)
{
    const struct page_text style = {.role = TYPE_SANS,
                                    .size_px = build->sizes[SIZE_LEGAL]};
    struct alert_facts facts;
    const char *lines[ALERT_FACTS];

    page_clear_facts(build, &facts);
    size_t count = page_alert_fact_lines(build, &style, &facts, lines);
    for (size_t i = 0; i < count; i++)
        flow(build, lines[i], style.role, style.size_px);
}

/* The word is largest where nothing else is in force. */
void page_template_clear(struct page_build *build)
{
    int word_px = build->sizes[SIZE_DISPLAY];

    page_clear_colours(build);
    build->header = page_put_drill_mark;
    page_open(build);
    flow(build, page_clear_event(build), TYPE_SANS_BOLD,
         build->sizes[SIZE_TITLE]);
    flow(build, build->theme->words[WORD_CLEAR], TYPE_SANS_BOLD,
         remaining(build) > 0 ? word_px : word_px * 3 / 2);
    flow(build, page_clear_remaining(build), TYPE_SANS_BOLD,
         build->sizes[SIZE_TITLE]);
    flow(build, page_clear_english(build), TYPE_SANS, build->sizes[SIZE_BODY]);
    page_skip(build, build->gap);
    flow(build, build->message->cancel.reason, TYPE_SANS,
         build->sizes[SIZE_BODY]);
    page_skip(build, build->gap);
    flow_facts(build);
}
