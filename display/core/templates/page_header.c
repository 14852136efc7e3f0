/* What stands on top of every page of a panel: what it is about. */
#include "display/core/templates/page_template.h"

/* A title takes at most this share of the page and is otherwise set smaller. */
#define TITLE_SHARE_PERCENT 30
enum { TITLE_LEADING_PERCENT = 125 };

static int title_size(struct page_build *build, struct page_text title)
{
    int most = build->area.height * TITLE_SHARE_PERCENT / 100;
    int one_line = build->sizes[SIZE_TITLE] * TITLE_LEADING_PERCENT / 100;
    int size = page_text_fit(build, title, build->area.width, one_line,
                             build->sizes[SIZE_TITLE], build->sizes[SIZE_BODY]);
    if (size == 0)
        size = page_text_fit(build, title, build->area.width, most,
                             build->sizes[SIZE_TITLE],
                             build->sizes[SIZE_LEGAL]);
    return size > 0 ? size : build->sizes[SIZE_LEGAL];
}

static void put_line(struct page_build *build, const struct page_text *text)
{
    int height = page_put_text(build, text, build->area.x, build->area.y,
                               build->area.width);
    build->area.y += height;
    build->area.height -= height;
}

void page_panel_header(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    struct page_text title = {.text = panel->title,
                              .role = TYPE_SANS_BOLD,
                              .colour = build->text,
                              .balanced = true,
                              .leading_percent = TITLE_LEADING_PERCENT};
    if (build->title_px == 0)
        build->title_px = title_size(build, title);
    title.size_px = build->title_px;
    put_line(build, &title);
    struct page_text subtitle = {.text = panel->subtitle,
                                 .role = TYPE_SANS,
                                 .size_px = build->sizes[SIZE_BODY],
                                 .colour = build->muted,
                                 .balanced = true};
    if (panel->subtitle[0] != '\0')
        put_line(build, &subtitle);
    build->area.y += build->gap;
    build->area.height -= build->gap;
}
