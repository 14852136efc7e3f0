/* 解除: an alert has ended. Calm, for a bounded time. */
#include "display/core/page/page_template.h"

void page_clear_colours(struct page_build *build)
{
    build->ground = build->theme->clear_ground;
    build->text = build->theme->clear_text;
    build->muted = build->text;
    build->accent = build->text;
}

static void clear_header(struct page_build *build)
{
    page_put_drill_mark(build, build->message->cancel.status);
}

void page_template_clear(struct page_build *build)
{
    const struct alert_cancel *cancel = &build->message->cancel;
    page_clear_colours(build);
    build->header = clear_header;
    page_open(build);
    struct page_text event = {.text = cancel->event,
                              .role = TYPE_SANS_BOLD,
                              .size_px = build->sizes[SIZE_TITLE],
                              .colour = build->text,
                              .align = TYPESET_CENTRE,
                              .balanced = true};
    struct page_text word = event;
    word.text = build->theme->words[WORD_CLEAR];
    word.size_px = build->sizes[SIZE_DISPLAY] * 3 / 2;
    struct page_text reason = event;
    reason.text = cancel->reason;
    reason.role = TYPE_SANS;
    reason.size_px = build->sizes[SIZE_BODY];
    page_flow_text(build, &event);
    page_flow_text(build, &word);
    page_skip(build, build->gap);
    page_flow_text(build, &reason);
}
