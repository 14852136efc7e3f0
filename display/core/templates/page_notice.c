/* A notice: text over as many pages as it needs, sender and date at its end,
 * as a letter has them. */
#include "display/core/templates/page_template.h"

#include "base/timestamp.h"
#include "display/core/page/page_figure.h"
#include "display/core/page/page_words.h"

#include <stdio.h>

/* A page of so few lines, of the legal size, is set closer. */
enum { BODY_LEADING = 160, CLOSE_LEADING = 125, FEW_LINES = 6 };

static int leading(const struct page_build *build)
{
    int line = build->sizes[SIZE_LEGAL] * BODY_LEADING / 100;
    return build->area.height < FEW_LINES * line ? CLOSE_LEADING : BODY_LEADING;
}

static struct page_text body_text(const struct page_build *build, int size_px)
{
    return (struct page_text){.text = build->message->panel.body,
                              .role = TYPE_SANS,
                              .size_px = size_px,
                              .colour = build->text,
                              .align = TYPESET_JUSTIFY,
                              .leading_percent = leading(build)};
}

/* Who says it and when, one above the other. */
static struct page_text end_text(struct page_build *build, int size_px)
{
    const struct panel *panel = &build->message->panel;
    char date[WORDS_BYTES] = "", words[2 * WORDS_BYTES];
    if (panel->date_ms != TIMESTAMP_NONE)
        words_time(build->theme, WORD_DATE, panel->date_ms,
                   build->context->utc_offset_minutes, date);
    bool close = leading(build) == CLOSE_LEADING;
    bool both = panel->sender[0] != '\0' && date[0] != '\0';
    snprintf(words, sizeof words, "%s%s%s", panel->sender, both ? "\n" : "",
             date);
    return (struct page_text){.text = page_keep(build, words),
                              .role = TYPE_SANS,
                              .size_px = size_px,
                              .colour = build->muted,
                              .align = TYPESET_RIGHT,
                              .leading_percent = close ? CLOSE_LEADING : 0};
}

/* The end stands with the text, never alone. */
static struct page_text body_with_end(struct page_build *build, int size_px)
{
    struct page_text body = body_text(build, size_px);
    struct page_text end = end_text(build, size_px);
    if (end.text[0] != '\0')
        body.tail_px = build->gap +
                       page_text_height(build, &end, build->area.width);
    return body;
}

static void measure(struct page_build *build, int size_px,
                    struct page_extent *extent)
{
    struct page_text body = body_with_end(build, size_px);
    page_extend(build, &body, extent);
    extent->used_px += body.tail_px;
}

void page_template_notice(struct page_build *build)
{
    page_open(build);
    int size = page_flow_size(build, measure, page_room(build));
    struct page_text body = body_with_end(build, size);
    struct page_text end = end_text(build, size);
    page_flow_text(build, &body);
    page_skip(build, build->gap);
    page_flow_text(build, &end);
    page_flow_lines(build);
}
