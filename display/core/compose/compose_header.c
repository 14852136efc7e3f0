/* What stands on top of every page of a panel: what it is about. */
#include "display/core/compose/compose_parts.h"

/* A title takes at most this share of the page and is otherwise set smaller. */
#define TITLE_SHARE_PERCENT 30
enum {
    TITLE_LEADING_PERCENT = 125,
    ICON_PERCENT = 120, /* of the greatest title's size */
    ICON_PLACE_PERCENT = 155,
    HEADER_GAP_PERCENT = 25, /* to the body at least, of the legal size */
};

const struct icon *compose_icon(const struct page_build *build)
{
    const struct panel *panel = &build->message->panel;

    if (panel->icon[0] != '\0')
        return icon_find(panel->icon);
    return panel->template == TEMPLATE_NOTICE ? icon_of_event(panel->title)
                                              : NULL;
}

/* What it takes of the title's lines, with its gap. */
static int icon_px(const struct page_build *build)
{
    return compose_icon(build) == NULL
               ? 0
               : build->sizes[SIZE_TITLE] * ICON_PLACE_PERCENT / 100;
}

static int title_room(const struct page_build *build)
{
    return build->area.width - icon_px(build);
}

/* At the left of the title's first line. */
static void put_icon(struct page_build *build, const struct page_text *title)
{
    int line = title->size_px * TITLE_LEADING_PERCENT / 100;
    int side = build->sizes[SIZE_TITLE] * ICON_PERCENT / 100;
    const struct icon *icon = compose_icon(build);

    if (icon == NULL)
        return;
    side = side < line ? side : line;
    page_put_icon(build, icon,
                  (struct rect){build->area.x,
                                build->area.y + (line - side) / 2, side, side},
                  build->accent, build->ground);
}

static int title_size(struct page_build *build, struct page_text title)
{
    int most = build->area.height * TITLE_SHARE_PERCENT / 100;
    int one_line = build->sizes[SIZE_TITLE] * TITLE_LEADING_PERCENT / 100;
    int size = page_text_fit(build, title, title_room(build), one_line,
                             build->sizes[SIZE_TITLE], build->sizes[SIZE_BODY]);
    if (size == 0)
        size = page_text_fit(build, title, title_room(build), most,
                             build->sizes[SIZE_TITLE],
                             build->sizes[SIZE_LEGAL]);
    return size > 0 ? size : build->sizes[SIZE_LEGAL];
}

static struct page_text title_text(struct page_build *build)
{
    struct page_text title = {.text = build->message->panel.title,
                              .role = TYPE_SANS_BOLD,
                              .colour = build->text,
                              .balanced = true,
                              .leading_percent = TITLE_LEADING_PERCENT};
    if (build->title_px == 0)
        build->title_px = title_size(build, title);
    title.size_px = build->title_px;
    return title;
}

static int put_line(struct page_build *build, const struct page_text *text,
                    int indent_px)
{
    int height = page_put_text(build, text, build->area.x + indent_px,
                               build->area.y, build->area.width - indent_px);
    build->area.y += height;
    build->area.height -= height;
    return height;
}

/* Behind the title, on its base line. False: there is no room. */
static bool put_behind(struct page_build *build, const struct page_text *title,
                       const struct page_text *subtitle, int height)
{
    int line = title->size_px * TITLE_LEADING_PERCENT / 100;
    int x = icon_px(build) + page_text_width(build, title, title_room(build)) +
            2 * build->gap;
    int room = build->area.width - x;
    if (height > line || room < subtitle->size_px ||
        page_text_width(build, subtitle, 2 * build->geometry.width_px) > room)
        return false;
    int baseline = page_text_baseline(build, title, title_room(build));
    int down = baseline - page_text_baseline(build, subtitle, room);
    page_put_text(build, subtitle, build->area.x + x,
                  build->area.y - height + down, room);
    return true;
}

void compose_header(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    struct page_text title = title_text(build);
    bool aside = build->aside != NULL && panel->subtitle[0] == '\0';
    struct page_text subtitle = {
        .text = aside ? build->aside : panel->subtitle,
        .role = TYPE_SANS,
        .size_px = build->sizes[aside ? SIZE_LEGAL : SIZE_BODY],
        .colour = build->muted,
        .balanced = true};
    put_icon(build, &title);
    int height = put_line(build, &title, icon_px(build));
    if (subtitle.text[0] != '\0' &&
        ((!build->tight && !aside) ||
         !put_behind(build, &title, &subtitle, height)))
        put_line(build, &subtitle, 0);
    int least = build->geometry.legal_px * HEADER_GAP_PERCENT / 100;
    int gap = build->gap > least ? build->gap : least;
    build->area.y += gap;
    build->area.height -= gap;
}

int compose_title_parted(struct page_build *build)
{
    if (build->title_px == 0)
        return 0;
    struct page_text title = title_text(build);
    return page_text_parted(build, &title, title_room(build));
}
