/* A notice: text over as many pages as it needs, sender and date at its end,
 * as a letter has them. */
#include "display/core/page/page_template.h"

#include "display/core/page/page_figure.h"
#include "display/core/page/page_words.h"
#include "protocol/timestamp.h"

void page_template_notice(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    page_open(build);
    struct page_text body = {.text = panel->body,
                             .role = TYPE_SANS,
                             .size_px = build->sizes[SIZE_BODY],
                             .colour = build->text,
                             .align = TYPESET_JUSTIFY,
                             .leading_percent = 160};
    page_flow_text(build, &body);
    struct page_text end = {.text = panel->sender,
                            .role = TYPE_SANS,
                            .size_px = build->sizes[SIZE_BODY],
                            .colour = build->muted,
                            .align = TYPESET_RIGHT};
    page_skip(build, build->gap);
    page_flow_text(build, &end);
    char date[WORDS_BYTES] = "";
    if (panel->date_ms != TIMESTAMP_NONE)
        words_time(build->theme, WORD_DATE, panel->date_ms,
                   build->context->utc_offset_minutes, date);
    end.text = page_keep(build, date);
    page_flow_text(build, &end);
    page_flow_lines(build);
}
