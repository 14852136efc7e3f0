/* A section opens: its mark, its name, a few words; centred. */
#include "display/core/templates/page_template.h"

#include "display/core/page/page_figure.h"
#include "display/core/page/section_mark.h"

/* A title keeps its distance from the edges; on one line it may be so much
 * smaller than the last step of the scale. */
enum { WIDTH_PERCENT = 84, ONE_LINE_PERCENT = 85 };

/* On one line where that leaves it great enough. */
static int title_size(struct page_build *build, struct page_text title)
{
    int most = build->sizes[SIZE_DISPLAY] * 3 / 2;
    int least = build->sizes[SIZE_DISPLAY] * ONE_LINE_PERCENT / 100;
    int width = build->area.width;
    if (build->wide)
        width = width * WIDTH_PERCENT / 100;
    title.size_px = most;
    while (title.size_px > least && title.size_px > build->sizes[SIZE_TITLE] &&
           page_run_px(build, &title) > width)
        title.size_px--;
    if (page_run_px(build, &title) <= width)
        return title.size_px;
    int size = page_text_fit(build, title, width, build->area.height / 2, most,
                             build->sizes[SIZE_LEGAL]);
    return size > 0 ? size : build->sizes[SIZE_LEGAL];
}

void page_template_title(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    build->header = NULL;
    page_open(build);
    int mark = build->sizes[SIZE_DISPLAY];
    int width = build->area.width;
    struct page_text title = {.text = panel->title,
                              .role = TYPE_SERIF_BOLD,
                              .colour = build->text,
                              .align = TYPESET_CENTRE,
                              .balanced = true,
                              .leading_percent = 130};
    title.size_px = title_size(build, title);
    int y = page_take(build, mark);
    struct rect box = {build->area.x + (width - mark) / 2, y, mark, mark};
    struct draw_item item = section_mark_item(panel->section, box,
                                              build->accent);
    page_put(build, &item, PAGE_APPEAR);
    page_skip(build, build->gap);
    page_flow_text(build, &title);
    struct page_text subtitle = {.text = panel->subtitle,
                                 .role = TYPE_SANS,
                                 .size_px = build->sizes[SIZE_BODY],
                                 .colour = build->muted,
                                 .align = TYPESET_CENTRE,
                                 .balanced = true};
    if (panel->subtitle[0] != '\0')
        page_skip(build, build->gap);
    page_flow_text(build, &subtitle);
    for (size_t i = 0; i < panel->line_count; i++) {
        subtitle.text = panel->lines[i];
        page_skip(build, build->gap / 3);
        page_flow_text(build, &subtitle);
    }
}
