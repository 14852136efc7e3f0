/* Pages of columns, from left to right: the heading, a rule, then what to do,
 * as large as the page holds it. */
#include "display/core/templates/page_columns.h"

#include "display/core/templates/page_alert.h"
#include "display/core/templates/page_alert_order.h"
#include "display/core/templates/page_template.h"

#include "base/utf8.h"

#include <unicode/uscript.h>

/* Ems of the legal size that a column is high at least, and a page. */
enum { COLUMN_EMS = 6, PAGE_EMS = 8 };
/* Of the width of the page that the heading takes at most. */
enum { HEADING_PERCENT = 34 };
/* Of the width of a wide page that the order in Chinese takes at most, beside
 * the columns. */
enum { ORDER_PERCENT = 38 };

bool page_columns_have_room(const struct geometry *geometry)
{
    return geometry->safe.height >= geometry->legal_px * PAGE_EMS;
}

/* As shaping.h of validation says of a message. */
static bool has_columns(const char *text)
{
    for (uint32_t c; (c = utf8_next(&text)) != 0;) {
        UErrorCode status = U_ZERO_ERROR;
        if (c < 0x1800) /* below the first such script */
            continue;
        UScriptCode script = uscript_getScript((UChar32)c, &status);
        if (script == USCRIPT_MONGOLIAN || script == USCRIPT_PHAGS_PA)
            return true;
    }
    return false;
}

bool page_columns_are_of(const struct panel_text *text)
{
    return has_columns(text->title) || has_columns(text->subtitle) ||
           has_columns(text->body);
}

static bool are_of_alert(const struct alert_text *text)
{
    return has_columns(text->event) || has_columns(text->headline) ||
           has_columns(text->instruction);
}

static void add(struct page_columns *columns, struct page_column_words words)
{
    columns->items[columns->count++] = words;
}

static void take_from_alert(struct alert *alert, struct page_columns *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < alert->text_count; i++) {
        const struct alert_text text = alert->texts[i];
        bool headed = text.headline[0] != '\0';
        if (are_of_alert(&text))
            add(out,
                (struct page_column_words){headed ? text.headline : text.event,
                                           "", text.instruction});
        else
            alert->texts[kept++] = text;
    }
    alert->text_count = kept;
}

void page_columns_take(struct message *message, struct page_columns *out)
{
    struct panel *panel = &message->panel;
    size_t kept = 0;
    out->count = 0;
    if (message->kind == MESSAGE_ALERT)
        take_from_alert(&message->alert, out);
    if (message->kind != MESSAGE_PANEL)
        return;
    for (size_t i = 0; i < panel->text_count; i++) {
        const struct panel_text text = panel->texts[i];
        if (page_columns_are_of(&text))
            add(out, (struct page_column_words){text.title, text.subtitle,
                                                text.body});
        else
            panel->texts[kept++] = text;
    }
    panel->text_count = kept;
}

/* The mark of a drill stands on every page; the order in Chinese as well, where
 * a page says more than one thing: above the columns, or to their right. */
static void alert_header(struct page_build *build)
{
    page_put_drill_mark(build);
    if (build->strip)
        return;
    page_alert_put_event(build);
    if (!build->wide)
        page_alert_put_reminder(build);
}

/* A page on which a column has room; the header yields. */
static void open_page(struct page_build *build)
{
    page_open(build);
    int least = build->sizes[SIZE_LEGAL] * COLUMN_EMS;
    if (build->failed || build->area.height >= least)
        return;
    page_set_drop(build->set);
    build->page = NULL;
    build->header = build->message->kind == MESSAGE_ALERT ? page_put_drill_mark
                                                          : NULL;
    page_open(build);
}

static struct page_text text_of(const struct page_build *build,
                                const char *words)
{
    return (struct page_text){.text = words,
                              .role = TYPE_SANS,
                              .size_px = build->sizes[SIZE_LEGAL],
                              .colour = build->text,
                              .unity = UNITY_WORDS};
}

/* As large as its columns stand in that width; at least legal. */
static void fit(struct page_build *build, struct page_text *text, int width_px,
                int most_px)
{
    int size = page_text_fit(build, *text, build->area.height, width_px,
                             most_px, build->sizes[SIZE_LEGAL]);
    if (size > 0)
        text->size_px = size;
}

/* What is left of the area, to the right of what stands there. */
struct room {
    struct rect rect;
    bool begun;
    size_t from; /* first element of the columns */
};

/* As large as a line of it is at most, no smaller than legal. */
static void put_order_beside(struct page_build *build)
{
    struct page_text order = page_alert_order(build);
    int width = build->area.width * ORDER_PERCENT / 100;
    if (build->message->kind != MESSAGE_ALERT || build->strip || !build->wide ||
        order.text[0] == '\0')
        return;
    order.size_px = page_text_fit_words(build, order, width, build->area.height,
                                        page_alert_order_most_px(build),
                                        build->sizes[SIZE_LEGAL]);
    if (order.size_px == 0) {
        page_alert_put_reminder(build);
        return;
    }
    int right = build->area.x + build->area.width - width;
    page_put_text(build, &order, right, build->area.y, width);
    build->area.width -= width + build->gap;
}

static void begin_page(struct page_build *build, struct room *room)
{
    open_page(build);
    page_narrow(build, build->gap / 2);
    put_order_beside(build);
    *room = (struct room){.rect = build->area,
                          .from = build->page == NULL ? 0 : build->page->count};
    build->y = build->area.y + build->area.height; /* nothing settles */
}

/* Where all words stand in the middle, columns do. */
static void end_page(struct page_build *build, const struct room *room)
{
    if (!build->strip || build->page == NULL)
        return;
    for (size_t i = room->from; i < build->page->count; i++)
        draw_item_move(&build->page->elements[i].item, room->rect.width / 2, 0);
}

/* Goes on over pages where it has to. */
static void flow(struct page_build *build, const struct page_text *text,
                 struct room *room)
{
    size_t next = 0;
    if (text->text[0] == '\0')
        return;
    for (;;) {
        size_t from = next;
        int used = page_put_columns(build, text, room->rect, &next);
        room->rect.x += used;
        room->rect.width -= used;
        room->begun |= used > 0;
        if (build->failed || next == SIZE_MAX)
            return;
        if (next == from && !room->begun)
            return; /* not even one has room */
        end_page(build, room);
        begin_page(build, room);
    }
}

/* Between what stands there and what follows. */
static void put_rule(struct page_build *build, struct room *room)
{
    int thick = build->sizes[SIZE_LEGAL] / 16 + 1;
    int gap = build->gap / 2;
    struct rect rule = {room->rect.x + gap, room->rect.y, thick,
                        room->rect.height};
    if (!room->begun || room->rect.width < 2 * gap + thick)
        return;
    page_put_fill(build, rule, 0, build->text, PAGE_STILL);
    room->rect.x += 2 * gap + thick;
    room->rect.width -= 2 * gap + thick;
}

/* What to do is the largest, as in Chinese. */
static int most_px(const struct page_build *build)
{
    return build->message->kind == MESSAGE_ALERT
               ? page_alert_order_most_px(build)
               : build->sizes[SIZE_DISPLAY];
}

static void say(struct page_build *build, const struct page_column_words *words)
{
    struct page_text heading = text_of(build, words->heading);
    struct page_text second = text_of(build, words->second);
    struct page_text body = text_of(build, words->body);
    struct room room;
    begin_page(build, &room);
    bool alone = words->second[0] == '\0' && words->body[0] == '\0';
    if (alone)
        fit(build, &heading, room.rect.width, most_px(build));
    else
        fit(build, &heading, room.rect.width * HEADING_PERCENT / 100,
            build->sizes[SIZE_TITLE]);
    flow(build, &heading, &room);
    if (!alone)
        put_rule(build, &room);
    if (words->body[0] == '\0')
        fit(build, &second, room.rect.width, build->sizes[SIZE_TITLE]);
    flow(build, &second, &room);
    fit(build, &body, room.rect.width, most_px(build));
    flow(build, &body, &room);
    end_page(build, &room);
}

void page_columns_say(struct page_build *build,
                      const struct page_columns *columns)
{
    if (columns->count == 0 || !page_columns_have_room(&build->geometry))
        return;
    if (build->message->kind == MESSAGE_ALERT)
        build->header = alert_header;
    for (size_t i = 0; i < columns->count; i++)
        say(build, &columns->items[i]);
}
