/* Pages with pictures: a photograph over the whole page with its words on a tab
 * of the page's own ground, a poster that is never cropped, a series, and a
 * picture beside what another template says. Where a picture is missing or has
 * no room, its words stand alone. */
#include "display/core/templates/page_template.h"

#include "display/core/compose/compose.h"

#include <math.h>
#include <string.h>

enum {
    /* Of the page: the picture beside words, on a wide page and on others. */
    BESIDE_PERCENT = 44,
    BELOW_PERCENT = 40,
    /* A poster that leaves so much of the page has words beside it. */
    FREE_ACROSS_PERCENT = 34,
    FREE_DOWN_PERCENT = 30,
    /* The tab on a photograph, of its width and height. */
    TAB_WIDTH_PERCENT = 62,
    TAB_HEIGHT_PERCENT = 45,
    TAB_LEADING_PERCENT = 125,
    RULE_DIVISOR = 9, /* its mark, of the legal size */
};

static bool can_show(const struct page_build *build,
                     const struct panel_picture *picture)
{
    const struct page_pictures *pictures = build->context->pictures;

    return pictures != NULL && !build->strip && !build->context->safe &&
           picture->type != PICTURE_OTHER &&
           pictures->has(pictures->context, picture->digest);
}

/* What is left of the page between the rows of its frame; without a row up to
 * the edge of the glass. */
static struct rect bleed_of(const struct page_build *build)
{
    const struct geometry *page = &build->geometry;
    const struct rect *safe = &page->safe;
    int top = safe->y > page->margin_px ? safe->y : 0;
    int below = page->height_px - safe->y - safe->height;
    int bottom = below > page->margin_px ? safe->y + safe->height
                                         : page->height_px;
    return (struct rect){0, top, page->width_px, bottom - top};
}

/* The same without the row of the page mark. */
static struct rect unmarked(const struct page_build *build)
{
    struct rect bleed = bleed_of(build);
    const struct rect *safe = &build->geometry.safe;
    if (build->mark_px > 0)
        bleed.height = safe->y + safe->height - build->mark_px - bleed.y;
    return bleed;
}

static draw_colour ground_of(const struct page_build *build,
                             const struct panel_picture *picture)
{
    draw_colour colour = 0;
    if (picture->ground[0] == '\0')
        return build->ground;
    for (const char *c = picture->ground + 1; *c != '\0'; c++)
        colour = colour << 4 |
                 (draw_colour)(*c <= '9' ? *c - '0' : (*c | 32) - 'a' + 10);
    return 0xFF000000u | colour;
}

static double within(double value, double most)
{
    return value < 0 ? 0 : value > most ? most : value;
}

static void put_part(struct page_build *build,
                     const struct panel_picture *picture, struct rect box,
                     struct draw_item item)
{
    item.kind = DRAW_PICTURE;
    item.bounds = box;
    item.colour = ground_of(build, picture);
    item.picture.digest = page_keep(build, picture->digest);
    if (!rect_is_empty(box))
        page_put(build, &item, PAGE_STILL);
}

/* Fills the box with the part around the focus. */
static void put_cropped(struct page_build *build,
                        const struct panel_picture *picture, struct rect box)
{
    double width = picture->width, height = picture->height;
    double shape = (double)box.width / box.height;
    struct draw_item item = {.colour = 0};
    if (width > height * shape)
        width = height * shape;
    else
        height = width / shape;
    item.picture.part_width = width;
    item.picture.part_height = height;
    item.picture.part_x =
        within(picture->width * picture->focus_x / 1000.0 - width / 2,
               picture->width - width);
    item.picture.part_y =
        within(picture->height * picture->focus_y / 1000.0 - height / 2,
               picture->height - height);
    put_part(build, picture, box, item);
}

/* How large the whole picture is in a box. */
static struct rect fit(const struct panel_picture *picture, struct rect box)
{
    double scale = fmin((double)box.width / picture->width,
                        (double)box.height / picture->height);
    int width = (int)lround(picture->width * scale);
    int height = (int)lround(picture->height * scale);
    width = width < 1 ? 1 : width > box.width ? box.width : width;
    height = height < 1 ? 1 : height > box.height ? box.height : height;
    return (struct rect){box.x + (box.width - width) / 2,
                         box.y + (box.height - height) / 2, width, height};
}

/* The whole picture on a ground of its own. */
static void put_whole(struct page_build *build,
                      const struct panel_picture *picture, struct rect box)
{
    struct draw_item item = {.colour = 0};
    page_put_fill(build, box, 0, ground_of(build, picture), PAGE_STILL);
    item.picture.part_width = picture->width;
    item.picture.part_height = picture->height;
    put_part(build, picture, fit(picture, box), item);
}

/* The words on a photograph, from the largest to the smallest. */
enum { TAB_TITLE, TAB_SUBTITLE, TAB_CAPTION, TAB_CREDIT, TAB_LINES };
struct tab {
    struct page_text lines[TAB_LINES];
    int gap_px, width_px, height_px;
    int x, y, room_px;  /* where the words begin, and their width */
    struct rect ground; /* empty: there are no words */
};

static void tab_measure(struct page_build *build, struct tab *tab, int room_px)
{
    tab->width_px = tab->height_px = 0;
    for (int i = 0; i < TAB_LINES; i++) {
        const struct page_text *line = &tab->lines[i];
        if (line->text[0] == '\0')
            continue;
        int width = page_text_width(build, line, room_px);
        tab->width_px = width > tab->width_px ? width : tab->width_px;
        tab->height_px += page_text_height(build, line, room_px) +
                          (tab->height_px > 0 ? tab->gap_px : 0);
    }
}

static struct tab tab_make(const struct page_build *build, const char *title,
                           const char *subtitle,
                           const struct panel_picture *picture, int title_px,
                           int body_px)
{
    struct page_text text = {.balanced = true,
                             .role = TYPE_SANS,
                             .size_px = body_px,
                             .colour = build->text,
                             .leading_percent = TAB_LEADING_PERCENT};
    struct tab tab = {.gap_px = build->geometry.legal_px / 4};
    for (int i = 0; i < TAB_LINES; i++)
        tab.lines[i] = text;
    tab.lines[TAB_TITLE].text = title;
    tab.lines[TAB_TITLE].role = TYPE_SANS_BOLD;
    tab.lines[TAB_TITLE].size_px = title_px;
    tab.lines[TAB_SUBTITLE].text = subtitle;
    tab.lines[TAB_CAPTION].text = picture->caption;
    tab.lines[TAB_CREDIT].text = picture->credit;
    tab.lines[TAB_CREDIT].size_px = build->sizes[SIZE_LEGAL];
    tab.lines[TAB_CREDIT].colour = build->muted;
    return tab;
}

static bool tab_is_empty(const struct tab *tab)
{
    for (int i = 0; i < TAB_LINES; i++)
        if (tab->lines[i].text[0] != '\0')
            return false;
    return true;
}

/* Along the lower edge of the box, from its left side; as wide as its words, or
 * the whole width where they need most of it. */
static void tab_place(const struct page_build *build, struct tab *tab,
                      struct rect box)
{
    int pad = build->geometry.legal_px * 3 / 4;
    const struct rect *safe = &build->context->geometry.safe;
    int bottom = box.y + box.height;
    int low = safe->y + safe->height < bottom ? safe->y + safe->height : bottom;
    int width = tab->x - box.x + tab->width_px + 2 * pad;

    if (width > box.width * TAB_WIDTH_PERCENT / 100 + 2 * pad)
        width = box.width;
    tab->y = low - pad / 2 - tab->height_px;
    tab->ground = (struct rect){box.x, tab->y - pad, width,
                                bottom - tab->y + pad};
}

/* The sizes go down to the legal one until the tab leaves enough of the
 * photograph. False: it does not. */
static bool tab_fit(struct page_build *build, const char *title,
                    const char *subtitle, const struct panel_picture *picture,
                    struct rect box, int most_px, struct tab *out)
{
    const struct rect *safe = &build->context->geometry.safe;
    int legal = build->geometry.legal_px;
    int pad = legal * 3 / 4;
    int x = box.x > safe->x ? box.x + pad : safe->x;
    int right = box.x + box.width - pad;
    int room = (right < safe->x + safe->width ? right : safe->x + safe->width) -
               x;
    if (box.width > box.height * 5 / 4 &&
        room > box.width * TAB_WIDTH_PERCENT / 100)
        room = box.width * TAB_WIDTH_PERCENT / 100;
    for (int size = most_px; size >= legal; size -= legal / 12 + 1) {
        int body = size * 2 / 3 > legal ? size * 2 / 3 : legal;
        *out = tab_make(build, title, subtitle, picture, size, body);
        if (tab_is_empty(out))
            return true;
        out->x = x;
        out->room_px = room;
        tab_measure(build, out, room);
        tab_place(build, out, box);
        if (out->ground.height <= box.height * TAB_HEIGHT_PERCENT / 100)
            return true;
    }
    return false;
}

/* The ground is that of the page, opaque, so that nothing of the photograph
 * comes near the contrast of the words. */
static void put_tab(struct page_build *build, const struct tab *tab)
{
    int thick = build->geometry.legal_px / RULE_DIVISOR;
    struct rect mark = tab->ground;
    int y = tab->y;

    if (rect_is_empty(tab->ground))
        return;
    mark.height = thick > 1 ? thick : 2;
    page_put_fill(build, tab->ground, 0, build->ground, PAGE_STILL);
    page_put_fill(build, mark, 0, build->accent, PAGE_STILL);
    for (int i = 0; i < TAB_LINES; i++) {
        if (tab->lines[i].text[0] == '\0')
            continue;
        y += page_put_text(build, &tab->lines[i], tab->x, y, tab->room_px) +
             tab->gap_px;
    }
}

/* The photograph with its words. Where their tab has the whole width, the
 * photograph ends above it; a narrower one lies over its corner. */
static void put_worded(struct page_build *build,
                       const struct panel_picture *picture, struct rect box,
                       const struct tab *tab)
{
    if (tab->ground.width == box.width)
        box.height = tab->ground.y - box.y;
    put_cropped(build, picture, box);
    put_tab(build, tab);
}

static bool put_photo(struct page_build *build, const char *title,
                      const char *subtitle, const struct panel_picture *picture)
{
    struct rect box = unmarked(build);
    struct tab tab;

    if (!tab_fit(build, title, subtitle, picture, box, build->sizes[SIZE_TITLE],
                 &tab))
        return false;
    build->header = NULL;
    page_open(build);
    if (build->page == NULL)
        return false;
    build->y = build->area.y + build->area.height; /* nothing settles */
    build->body_from = build->page->count;
    put_worded(build, picture, box, &tab);
    return true;
}

/* Who took a picture matters only where it is shown. */
static void add_words(const struct page_build *build,
                      struct compose_sheet *sheet,
                      const struct panel_picture *picture)
{
    compose_text(sheet, COMPOSE_CONTEXT, COMPOSE_WHOLE, picture->caption);
    if (can_show(build, picture))
        compose_text(sheet, COMPOSE_NOTE, COMPOSE_WHOLE, picture->credit);
}

/* What is said where no picture, or only a poster, says the rest: the title
 * large, and what there is besides below it. */
enum { WORDS_LINES = 2 + LIMIT_LINES + 2 * LIMIT_PICTURES };
struct words {
    struct page_text lines[WORDS_LINES]; /* the title is the first */
    size_t count;
};

static void words_add(struct words *words, const struct page_text *line)
{
    if (line->text[0] != '\0' && words->count < WORDS_LINES)
        words->lines[words->count++] = *line;
}

static struct words words_make(const struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    struct words words = {.count = 0};
    struct page_text title = {.text = panel->title,
                              .role = TYPE_SANS_BOLD,
                              .colour = build->text,
                              .balanced = true,
                              .leading_percent = TAB_LEADING_PERCENT};
    struct page_text line = compose_style(build, COMPOSE_CONTEXT,
                                          panel->subtitle);
    words_add(&words, &title);
    line.colour = build->muted;
    words_add(&words, &line);
    for (size_t i = 0; i < panel->picture_count; i++) {
        line = compose_style(build, COMPOSE_CONTEXT,
                             panel->pictures[i].caption);
        words_add(&words, &line);
    }
    for (size_t i = 0; i < panel->line_count; i++) {
        line = compose_style(build, COMPOSE_CONTEXT, panel->lines[i]);
        words_add(&words, &line);
    }
    for (size_t i = 0; i < panel->picture_count; i++) {
        line = compose_style(build, COMPOSE_NOTE, panel->pictures[i].credit);
        if (can_show(build, &panel->pictures[i]))
            words_add(&words, &line);
    }
    return words;
}

static int words_px(struct page_build *build, const struct words *words,
                    int width)
{
    int height = 0;
    for (size_t i = 0; i < words->count; i++)
        height += page_text_height(build, &words->lines[i], width) +
                  (i > 0 ? build->gap : 0);
    return height;
}

/* One page of words. False: there are more of them, or a pictogram; then the
 * composer sets them under the title. */
static bool put_words(struct page_build *build)
{
    const struct rect *safe = &build->geometry.safe;
    int height = safe->height - build->mark_px;
    struct words words = words_make(build);
    struct page_text *title = &words.lines[0];
    int least = build->sizes[SIZE_TITLE];

    if (build->strip || compose_icon(build) != NULL || words.count == 0)
        return false;
    title->size_px = page_title_size(build, *title, safe->width, height / 2);
    while (title->size_px >= least &&
           words_px(build, &words, safe->width) > height)
        title->size_px -= title->size_px / 16 + 1;
    if (title->size_px < least)
        return false;
    build->header = NULL;
    page_open(build);
    for (size_t i = 0; build->page != NULL && i < words.count; i++) {
        page_skip(build, build->gap);
        page_flow_text(build, &words.lines[i]);
    }
    return true;
}

/* A page for each picture; what has none is said behind them. */
void page_template_photos(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    void (*header)(struct page_build *) = build->header;
    struct compose_sheet sheet = {.arrangements = {[COMPOSE_STACKED] = true}};
    size_t shown = 0;
    for (size_t i = 0; i < panel->picture_count; i++) {
        const struct panel_picture *picture = &panel->pictures[i];
        if (can_show(build, picture) &&
            put_photo(build, panel->title, shown == 0 ? panel->subtitle : "",
                      picture))
            shown++;
        else
            add_words(build, &sheet, picture);
    }
    page_close(build);
    if (shown == 0 && put_words(build))
        return;
    build->header = header;
    compose_lines(&sheet, panel);
    if (shown == 0 || sheet.count > 0)
        compose_pages(build, &sheet);
}

static void say_words(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    struct compose_sheet sheet = {.arrangements = {[COMPOSE_STACKED] = true}};
    if (put_words(build))
        return;
    add_words(build, &sheet, &panel->pictures[0]);
    compose_lines(&sheet, panel);
    compose_pages(build, &sheet);
}

static bool says_more(const struct panel *panel)
{
    return panel->subtitle[0] != '\0' || panel->line_count > 0 ||
           panel->pictures[0].caption[0] != '\0' ||
           panel->pictures[0].credit[0] != '\0';
}

/* A poster with much free space stands beside the panel's words, which
 * page_side_begin has arranged. Alone it fills the page, and what it does not
 * say itself follows. */
void page_template_poster(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    bool beside =
        build->geometry.width_px < build->context->geometry.width_px ||
        build->geometry.height_px < build->context->geometry.height_px;
    if (beside || !can_show(build, &panel->pictures[0])) {
        say_words(build);
        return;
    }
    void (*header)(struct page_build *) = build->header;
    build->header = NULL;
    page_open(build);
    if (build->page == NULL)
        return;
    put_whole(build, &panel->pictures[0], unmarked(build));
    build->body_from = build->page->count;
    page_close(build);
    build->header = header;
    if (says_more(panel))
        say_words(build);
}

/* Beside a poster its own width, or height, is left to it. */
static struct rect side_box(const struct page_build *build,
                            const struct panel_picture *picture, bool whole)
{
    struct rect bleed = bleed_of(build);
    struct rect box = bleed;
    struct rect fitted = fit(picture, bleed);
    if (build->wide) {
        box.width = whole ? fitted.width : bleed.width * BESIDE_PERCENT / 100;
        box.x = bleed.x + bleed.width - box.width;
        return box;
    }
    box.height = whole ? fitted.height : bleed.height * BELOW_PERCENT / 100;
    box.y = bleed.y + bleed.height - box.height;
    return box;
}

static struct geometry words_page(const struct page_build *build,
                                  struct rect box)
{
    struct geometry page = build->geometry;
    if (build->wide) {
        page.width_px = box.x;
        page.safe.width = box.x - page.safe.x - page.margin_px;
    } else {
        page.height_px = box.y;
        page.safe.height = box.y - page.safe.y - page.margin_px / 2;
    }
    page.shape = geometry_make(page.width_px, page.height_px, 0, 0).shape;
    if (page.shape == SHAPE_STRIP)
        page.shape = SHAPE_LANDSCAPE;
    return page;
}

struct page_side page_side_begin(struct page_build *build)
{
    const struct message *message = build->message;
    struct page_side side = {.picture = NULL};
    if (message->kind != MESSAGE_PANEL || message->panel.picture_count != 1 ||
        message->panel.template == TEMPLATE_PHOTO ||
        !can_show(build, &message->panel.pictures[0]))
        return side;
    const struct panel_picture *picture = &message->panel.pictures[0];
    bool whole = message->panel.template == TEMPLATE_POSTER;
    struct rect bleed = bleed_of(build);
    struct rect box = side_box(build, picture, whole);
    int left = build->wide ? (bleed.width - box.width) * 100 / bleed.width
                           : (bleed.height - box.height) * 100 / bleed.height;
    struct geometry words = words_page(build, box);
    if ((whole &&
         left < (build->wide ? FREE_ACROSS_PERCENT : FREE_DOWN_PERCENT)) ||
        !page_is_poster(&words))
        return side;
    build->geometry = words;
    build->wide = words.shape == SHAPE_LANDSCAPE;
    return (struct page_side){picture, box, whole};
}

/* The words' page ends where the picture begins; above and below it the ground
 * goes on. */
static void fill_rest(struct page_build *build, struct rect box)
{
    const struct geometry *page = &build->context->geometry;
    struct rect rest = {box.x, 0, page->width_px - box.x, page->height_px};
    if (box.x == 0)
        rest = (struct rect){0, box.y, page->width_px, page->height_px - box.y};
    page_put_fill(build, rest, 0, build->ground, PAGE_STILL);
}

void page_side_end(struct page_build *build, const struct page_side *side)
{
    if (side->picture == NULL)
        return;
    page_close(build);
    for (size_t i = 0; i < build->set->count; i++) {
        build->page = &build->set->pages[i];
        fill_rest(build, side->box);
        if (side->whole) {
            put_whole(build, side->picture, side->box);
            continue;
        }
        struct tab tab;
        if (!tab_fit(build, "", "", side->picture, side->box,
                     build->geometry.legal_px, &tab)) {
            tab.ground = (struct rect){0};
            build->set->over = true;
        }
        put_worded(build, side->picture, side->box, &tab);
    }
    build->page = NULL;
}
