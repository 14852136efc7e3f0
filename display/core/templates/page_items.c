/* Lists of names with what they are: honours, and what a place offers. */
#include "display/core/templates/page_template.h"

#include "display/core/page/page_figure.h"

#define NAME_COLUMNS_PERCENT 44

struct item_style {
    struct page_text name, detail;
    int name_width, detail_x, detail_width;
    bool beside; /* detail beside the name */
    int pad;     /* over and under the words of a row */
};

/* What is tried in turn until the list stands on one page. */
static const struct {
    enum page_size size;
    int pad_percent; /* of the gap between things */
} tries[] = {
    {SIZE_TITLE, 75}, {SIZE_BODY, 80},  {SIZE_BODY, 50},
    {SIZE_BODY, 25},  {SIZE_LEGAL, 75}, {SIZE_LEGAL, 30},
};
enum { TRY_COUNT = sizeof tries / sizeof tries[0] };

static bool has_details(const struct panel *panel)
{
    for (size_t i = 0; i < panel->item_count; i++) {
        if (panel->items[i].detail[0] != '\0')
            return true;
    }
    return false;
}

static struct item_style style_at(const struct page_build *build,
                                  enum page_size size)
{
    const struct panel *panel = &build->message->panel;
    int px = build->sizes[size];
    struct item_style style = {
        .name = {.role = TYPE_SANS_BOLD,
                 .size_px = px,
                 .colour = build->text,
                 .balanced = true},
        .detail = {.role = TYPE_SANS,
                   .size_px = px,
                   .colour = build->accent,
                   .balanced = true},
        .name_width = build->area.width,
        .detail_width = build->area.width,
    };
    if (size == SIZE_TITLE)
        style.detail.size_px = build->sizes[SIZE_BODY];
    if (build->wide && has_details(panel)) {
        style.beside = true;
        style.detail_x = build->area.width * NAME_COLUMNS_PERCENT / 100;
        style.name_width = style.detail_x - build->gap;
        style.detail_width -= style.detail_x;
    }
    return style;
}

static int item_height(struct page_build *build, struct item_style *style,
                       const struct panel_item *item)
{
    style->name.text = item->text;
    style->detail.text = item->detail;
    int name = page_text_height(build, &style->name, style->name_width);
    int detail = page_text_height(build, &style->detail, style->detail_width);
    int text = style->beside ? (name > detail ? name : detail) : name + detail;
    return text + 2 * style->pad;
}

static int list_height(struct page_build *build, struct item_style *style)
{
    const struct panel *panel = &build->message->panel;
    int height = 0;
    for (size_t i = 0; i < panel->item_count; i++)
        height += item_height(build, style, &panel->items[i]);
    return height;
}

static struct item_style choose_style(struct page_build *build)
{
    int room = page_room(build) - page_lines_height(build);
    struct item_style style = {0};
    for (size_t i = 0; i < TRY_COUNT; i++) {
        style = style_at(build, tries[i].size);
        style.pad = build->gap * tries[i].pad_percent / 100;
        if (list_height(build, &style) <= room)
            return style;
    }
    style = style_at(build, SIZE_BODY);
    style.pad = build->gap / 2;
    return style;
}

/* A row that no page holds begins one; the detail stands with the end of the
 * name. */
static void flow_long_item(struct page_build *build,
                           const struct item_style *style)
{
    struct page_text name = style->name;
    name.tail_px = page_text_height(build, &style->detail, build->area.width);
    if (build->y > build->area.y)
        page_open(build);
    page_flow_text(build, &name);
    page_flow_text(build, &style->detail);
}

static void flow_item(struct page_build *build, struct item_style *style,
                      const struct panel_item *item)
{
    int height = item_height(build, style, item);
    if (height > build->area.height) {
        flow_long_item(build, style);
        return;
    }
    int pad = style->pad;
    int y = page_take(build, height);
    page_put_rule(build, y);
    int x = build->area.x;
    int name = page_put_text(build, &style->name, x, y + pad,
                             style->name_width);
    if (item->detail[0] == '\0')
        return;
    int below = style->beside ? 0 : name;
    int detail = page_text_height(build, &style->detail, style->detail_width);
    int middle = style->beside && detail < name ? (name - detail) / 2 : 0;
    page_put_text(build, &style->detail, x + style->detail_x,
                  y + pad + below + middle, style->detail_width);
}

void page_flow_items(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    struct item_style style = choose_style(build);
    for (size_t i = 0; i < panel->item_count; i++)
        flow_item(build, &style, &panel->items[i]);
}

/* A pin: the old sign for «here», a disc over a point. */
static int put_pin(struct page_build *build, int y, int size)
{
    float x = (float)build->area.x + (float)size * 0.36F;
    float radius = (float)size * 0.34F;
    float middle = (float)y + radius;
    const struct page_corner tip[3] = {
        {x - radius * 0.87F, middle + radius * 0.5F},
        {x + radius * 0.87F, middle + radius * 0.5F},
        {x, (float)(y + size)}};
    page_put_polygon(build, tip, 3, build->accent);
    page_with_previous(build);
    page_put_ring(build, x, middle, radius, radius * 0.42F, 1, build->accent,
                  PAGE_APPEAR);
    page_with_previous(build);
    return size;
}

void page_template_place(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    page_open(build);
    struct page_text address = {.text = panel->address,
                                .role = TYPE_SANS,
                                .size_px = build->sizes[SIZE_BODY],
                                .colour = build->text};
    if (panel->address[0] != '\0') {
        int pin = address.size_px;
        int indent = pin + build->gap / 2;
        int width = build->area.width - indent;
        int height = page_text_height(build, &address, width);
        int y = page_take(build, height);
        put_pin(build, y + pin * 20 / 100, pin);
        page_put_text(build, &address, build->area.x + indent, y, width);
        page_skip(build, build->gap);
    }
    page_flow_items(build);
    page_flow_lines(build);
}
