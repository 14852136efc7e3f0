/* Honours: one or two are the page's idea and fill it in great letters, more
 * are a list. */
#include "display/core/templates/page_template.h"

#include "display/core/page/page_figure.h"

/* More than so many are a list. */
enum { POSTER_ITEMS = 2, POSTER_LEADING = 130 };
/* A name's greatest size, of the scale's last step; what stands beside or
 * below it, of the name's. */
#define NAME_PERCENT 120
#define DETAIL_PERCENT 55
/* Names are broken once more only where that makes them so much greater. */
#define BREAK_PERCENT 135
enum { LINES_MOST = 3 };

struct poster {
    struct page_text name, detail;
    int lines;   /* of a name, at most */
    bool beside; /* details beside names, on their base line */
    int detail_x;
    int height_px;
};

static const struct panel_item *item_at(const struct page_build *build,
                                        size_t index)
{
    return &build->message->panel.items[index];
}

static bool has_details(const struct page_build *build)
{
    for (size_t i = 0; i < build->message->panel.item_count; i++) {
        if (item_at(build, i)->detail[0] != '\0')
            return true;
    }
    return false;
}

static void set_size(const struct page_build *build, struct poster *poster,
                     int size_px)
{
    int detail = size_px * DETAIL_PERCENT / 100;
    if (detail < build->sizes[SIZE_BODY])
        detail = build->sizes[SIZE_BODY];
    poster->name = (struct page_text){.role = TYPE_SERIF_BOLD,
                                      .size_px = size_px,
                                      .colour = build->text,
                                      .balanced = true,
                                      .leading_percent = POSTER_LEADING};
    poster->detail = (struct page_text){.role = TYPE_SANS,
                                        .size_px = detail,
                                        .colour = build->accent,
                                        .balanced = true,
                                        .leading_percent = POSTER_LEADING};
}

static void set_texts(const struct page_build *build, struct poster *poster,
                      size_t index)
{
    poster->name.text = item_at(build, index)->text;
    poster->detail.text = item_at(build, index)->detail;
}

static int accent_px(const struct page_build *build)
{
    int thick = build->sizes[SIZE_LEGAL] / 7;
    return thick > 2 ? thick : 2;
}

/* Over the block the accent, between its items a rule. */
static int item_gap(const struct page_build *build, size_t index)
{
    return index == 0 ? accent_px(build) + build->gap * 3 / 4
                      : build->gap * 3 / 2;
}

static int item_height(struct page_build *build, struct poster *poster,
                       size_t index)
{
    set_texts(build, poster, index);
    int width = build->area.width;
    int name = page_text_height(build, &poster->name, width);
    if (poster->beside)
        return name;
    return name + page_text_height(build, &poster->detail, width);
}

static int text_width(struct page_build *build, const struct page_text *text)
{
    return page_text_width(build, text, 2 * build->geometry.width_px);
}

/* False: they do not stand beside each other on one line. */
static bool set_beside(struct page_build *build, struct poster *poster)
{
    size_t count = build->message->panel.item_count;
    int name_px = 0;
    int detail_px = 0;
    for (size_t i = 0; i < count; i++) {
        set_texts(build, poster, i);
        int name = text_width(build, &poster->name);
        int detail = text_width(build, &poster->detail);
        name_px = name > name_px ? name : name_px;
        detail_px = detail > detail_px ? detail : detail_px;
    }
    poster->detail_x = name_px + 2 * build->gap;
    return poster->detail_x + detail_px <= build->area.width;
}

static bool breaks_well(struct page_build *build, const struct page_text *text,
                        int lines)
{
    int height = (text->size_px * POSTER_LEADING / 100) * lines;
    return text->text[0] == '\0' ||
           page_text_fit(build, *text, build->area.width, height, text->size_px,
                         text->size_px) > 0;
}

static bool fits(struct page_build *build, struct poster *poster, int size_px,
                 int room_px)
{
    size_t count = build->message->panel.item_count;
    set_size(build, poster, size_px);
    if (poster->beside && !set_beside(build, poster))
        return false;
    poster->height_px = 0;
    for (size_t i = 0; i < count; i++) {
        poster->height_px += item_gap(build, i) + item_height(build, poster, i);
        if (!breaks_well(build, &poster->name, poster->lines) ||
            !breaks_well(build, &poster->detail, LINES_MOST))
            return false;
    }
    return poster->height_px <= room_px;
}

/* At the largest size; its name is 0 px when none does. */
static struct poster find_poster(struct page_build *build, int lines,
                                 bool beside, int room_px)
{
    struct poster best = {.lines = lines, .beside = beside};
    int low = build->sizes[SIZE_BODY];
    int high = build->sizes[SIZE_DISPLAY] * NAME_PERCENT / 100;
    while (low <= high) {
        struct poster tried = {.lines = lines, .beside = beside};
        int middle = low + (high - low) / 2;
        if (fits(build, &tried, middle, room_px)) {
            best = tried;
            low = middle + 1;
        } else {
            high = middle - 1;
        }
    }
    return best;
}

static struct poster choose_poster(struct page_build *build, int room_px)
{
    struct poster best = {0};
    if (build->wide && has_details(build))
        best = find_poster(build, 1, true, room_px);
    if (best.name.size_px >= build->sizes[SIZE_TITLE])
        return best;
    best = (struct poster){0};
    for (int lines = 1; lines <= LINES_MOST; lines++) {
        struct poster more = find_poster(build, lines, false, room_px);
        if (more.name.size_px > best.name.size_px * BREAK_PERCENT / 100)
            best = more;
    }
    return best;
}

static void put_rule(struct page_build *build, size_t index, int y)
{
    int thick = build->sizes[SIZE_LEGAL] / 20;
    struct rect rule = {build->area.x, y + build->gap / 2, build->area.width,
                        thick > 0 ? thick : 1};
    struct rect accent = {build->area.x, y, build->gap * 3, accent_px(build)};
    if (index == 0)
        page_put_fill(build, accent, 0, build->accent, PAGE_GROW_RIGHT);
    else
        page_put_fill(build, rule, 0, build->theme->rule, PAGE_APPEAR);
    page_with_previous(build);
}

static void put_item(struct page_build *build, struct poster *poster,
                     size_t index, int y)
{
    int x = build->area.x;
    int width = build->area.width;
    put_rule(build, index, y);
    y += item_gap(build, index);
    set_texts(build, poster, index);
    int height = page_put_text(build, &poster->name, x, y, width);
    if (poster->detail.text[0] == '\0')
        return;
    if (!poster->beside) {
        page_put_text(build, &poster->detail, x, y + height, width);
        return;
    }
    width -= poster->detail_x;
    int down = page_text_baseline(build, &poster->name, build->area.width) -
               page_text_baseline(build, &poster->detail, width);
    page_put_text(build, &poster->detail, x + poster->detail_x, y + down,
                  width);
}

static void flow_poster(struct page_build *build, struct poster *poster)
{
    size_t count = build->message->panel.item_count;
    int y = page_take(build, poster->height_px);
    for (size_t i = 0; i < count; i++) {
        put_item(build, poster, i, y);
        y += item_gap(build, i) + item_height(build, poster, i);
    }
}

void page_template_honours(struct page_build *build)
{
    struct poster poster = {0};
    page_open(build);
    /* As high as its room it would press the title. */
    int room = page_room(build) - page_lines_height(build) - 2 * build->gap;
    if (build->message->panel.item_count <= POSTER_ITEMS)
        poster = choose_poster(build, room);
    if (poster.name.size_px > 0)
        flow_poster(build, &poster);
    else
        page_flow_items(build);
    page_flow_lines(build);
}
