/* Counts on draw lists what the laws of pages ask for. */
#include "tests/support/page_laws.h"

#include "display/core/page/page_build.h"

#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const struct law_glass law_glasses[LAW_GLASSES] = {
    {"1920x1080", 1920, 1080, 0, 0},
    {"1280x720 5 m", 1280, 720, 680, 5000},
    {"1080p 8 m", 1920, 1080, 680, 8000},
    {"1080p 12 m", 1920, 1080, 680, 12000},
    {"1080x1920", 1080, 1920, 0, 0},
    {"1080x1080", 1080, 1080, 0, 0},
    {"3840x2160", 3840, 2160, 0, 0},
    {"1024x256", 1024, 256, 0, 0},
    {"512x128", 512, 128, 0, 0},
    {"192x64", 192, 64, 0, 0},
};

enum {
    LISTS_MOST = 1000,
    ORDER_PAGES = 2,
    TEXT_BYTES = 4096,
    EMPTY_PARTS = 3,
    ORDER_PERCENT = 125,
    STRIP_PAGES = 3,
    STRIP_MS = 12000,
    LANDSCAPE_THOUSANDTHS = 200,
    OTHER_THOUSANDTHS = 140,
};

struct shown {
    const struct message *message;
    struct geometry glass, page; /* page: without the frame */
    struct page_set *set;
    struct draw_list lists[LISTS_MOST];
    size_t count;
    struct law_counts *counts;
    char *why;
};

static void tell(struct shown *shown, const char *what, size_t page)
{
    if (shown->why != NULL && shown->why[0] == '\0')
        snprintf(shown->why, LAW_BYTES,
                 "%s at %dx%d (legal %d px), page %zu "
                 "of %zu: %s",
                 shown->message->id, shown->glass.width_px,
                 shown->glass.height_px, shown->glass.legal_px, page + 1,
                 shown->count, what);
}

static bool is_blank(uint32_t c)
{
    return c == ' ' || c == '\n' || c == 0x3000 || c == 0xA0;
}

static void append(char out[TEXT_BYTES], const char *text)
{
    size_t at = strlen(out);
    for (uint32_t c = utf8_next(&text); c != 0; c = utf8_next(&text)) {
        if (!is_blank(c) && at + 5 < TEXT_BYTES)
            at += utf8_put(c, out + at);
    }
    out[at] = '\0';
}

static bool is_text(const struct draw_item *item)
{
    return item->kind == DRAW_TEXT;
}

static bool same_place(const struct draw_item *a, const struct draw_item *b)
{
    return a->kind == b->kind && a->bounds.x == b->bounds.x &&
           a->bounds.y == b->bounds.y && a->bounds.width == b->bounds.width &&
           a->bounds.height == b->bounds.height &&
           (!is_text(a) || strcmp(a->text.string, b->text.string) == 0);
}

/* Stands on every page: ground, head, edge. */
static bool is_shared(const struct shown *shown, const struct draw_item *item)
{
    for (size_t p = 0; p < shown->count; p++) {
        bool found = false;
        for (size_t i = 0; i < shown->lists[p].count && !found; i++)
            found = same_place(item, &shown->lists[p].items[i]);
        if (!found)
            return false;
    }
    return true;
}

/* «1/3», or a bar of those that stand for pages. */
static bool is_mark(const struct shown *shown, const struct draw_item *item)
{
    const struct rect *safe = &shown->page.safe;
    int bottom = safe->y + safe->height - shown->glass.legal_px / 2;
    if (item->kind == DRAW_FILL)
        return item->bounds.y >= bottom;
    if (!is_text(item) || strchr(item->text.string, '/') == NULL)
        return false;
    return strspn(item->text.string, "0123456789/") ==
           strlen(item->text.string);
}

/* Numbers and bars of pages keep clear of every text, and every text keeps
 * clear of the frame around the page. */
static void count_touching(struct shown *shown, size_t page)
{
    const struct draw_list *list = &shown->lists[page];
    for (size_t i = 0; i < list->count; i++) {
        const struct draw_item *text = &list->items[i];
        if (!is_text(text))
            continue;
        struct rect ink = page_check_box(text);
        ink.width -= 2; /* advances are rounded up */
        bool touches = !rect_contains(shown->page.safe, ink);
        for (size_t k = 0; k < list->count && !touches; k++) {
            const struct draw_item *item = &list->items[k];
            bool small = item->bounds.height < shown->glass.legal_px;
            if (k == i || !small || item->kind != DRAW_FILL ||
                !is_mark(shown, item) || is_mark(shown, text))
                continue;
            touches = !rect_is_empty(rect_intersect(ink, item->bounds));
        }
        if (!touches)
            continue;
        shown->counts->touching++;
        tell(shown, text->text.string, page);
        return;
    }
}

/* From the top of what is the page's own to its end. */
static void count_empty(struct shown *shown, size_t page)
{
    const struct rect *safe = &shown->page.safe;
    int head = safe->y, top = INT32_MAX, bottom = 0;
    for (size_t i = 0; i < shown->lists[page].count; i++) {
        const struct draw_item *item = &shown->lists[page].items[i];
        bool edge = item->bounds.height >= safe->height ||
                    item->bounds.y < safe->y - 1 ||
                    !rect_contains(*safe, item->bounds);
        int end = item->bounds.y + item->bounds.height;
        bool line = is_text(item) && !item->text.column;
        if (line)
            end = item->text.baseline_y;
        if (is_shared(shown, item)) {
            if (is_text(item) && end > head)
                head = end;
            continue;
        }
        if (is_mark(shown, item) || (edge && !is_text(item)))
            continue;
        int begin = line ? item->text.baseline_y - item->text.size_px
                         : item->bounds.y;
        top = begin < top ? begin : top;
        bottom = end > bottom ? end : bottom;
    }
    int room = safe->y + safe->height - head;
    if ((bottom - top) * EMPTY_PARTS >= room)
        return;
    shown->counts->empty++;
    tell(shown, "nearly empty", page);
}

/* «2026 年 11 月 20 日» */
static bool is_date(const char *text)
{
    for (uint32_t c = utf8_next(&text); c != 0; c = utf8_next(&text)) {
        if (!is_blank(c) && (c < '0' || c > '9') && c != 0x5E74 &&
            c != 0x6708 && c != 0x65E5)
            return false;
    }
    return true;
}

/* A strip of two lines may have no room for more. */
static void count_ends(struct shown *shown, size_t page)
{
    const struct panel *panel = &shown->message->panel;
    bool alone = false;
    for (size_t i = 0; i < shown->lists[page].count; i++) {
        const struct draw_item *item = &shown->lists[page].items[i];
        char line[TEXT_BYTES] = "", sender[TEXT_BYTES] = "";
        if (!is_text(item) || is_mark(shown, item) || is_shared(shown, item))
            continue;
        append(line, item->text.string);
        append(sender, panel->sender);
        if (strstr(sender, line) == NULL && strstr(line, sender) == NULL &&
            !is_date(item->text.string))
            return;
        alone = true;
    }
    if (!alone)
        return;
    shown->counts->ends_alone++;
    tell(shown, "sender and date stand alone", page);
}

static int cap_px(const struct type_metrics *metrics,
                  const struct draw_item *item)
{
    return metrics->line(metrics->context, item->text.role, item->text.size_px)
        .cap_height_px;
}

static bool is_digits(const char *text)
{
    return text[0] != '\0' && strspn(text, "0123456789.,-") == strlen(text);
}

static void count_hero(struct shown *shown, const struct type_metrics *metrics)
{
    const struct panel *panel = &shown->message->panel;
    bool single = panel->template == TEMPLATE_FIGURE ||
                  panel->template == TEMPLATE_COMPARISON ||
                  panel->template == TEMPLATE_YEARS;
    if (shown->message->kind != MESSAGE_PANEL || !single ||
        shown->glass.shape == SHAPE_STRIP)
        return;
    int cap = 0, width = 1;
    size_t at = 0;
    for (size_t p = 0; p < shown->count; p++) {
        for (size_t i = 0; i < shown->lists[p].count; i++) {
            const struct draw_item *item = &shown->lists[p].items[i];
            if (!is_text(item) || !is_digits(item->text.string) ||
                cap_px(metrics, item) <= cap)
                continue;
            cap = cap_px(metrics, item);
            width = item->bounds.width;
            at = p;
        }
    }
    int share = cap * 1000 / shown->glass.height_px;
    int law = shown->glass.shape == SHAPE_LANDSCAPE ? LANDSCAPE_THOUSANDTHS
                                                    : OTHER_THOUSANDTHS;
    shown->counts->heroes++;
    if (share < shown->counts->least_hero)
        shown->counts->least_hero = share;
    bool wide = share > 0 &&
                width * law / share > shown->page.safe.width * 9 / 10;
    if (share + 2 >= law || wide)
        return;
    shown->counts->heroes_short++;
    tell(shown, "the hero is under its law", at);
}

/* The greatest size of a line that the text holds; 0: none. */
static int size_of(const struct draw_list *list, const char *text)
{
    char whole[TEXT_BYTES] = "", line[TEXT_BYTES];
    int size = 0;
    append(whole, text);
    for (size_t i = 0; i < list->count; i++) {
        if (!is_text(&list->items[i]))
            continue;
        line[0] = '\0';
        append(line, list->items[i].text.string);
        bool holds = line[0] != '\0' && (strstr(whole, line) != NULL ||
                                         strstr(line, whole) != NULL);
        if (holds && list->items[i].text.size_px > size)
            size = list->items[i].text.size_px;
    }
    return size;
}

/* Up to the first stop. */
static bool shows_order(const struct draw_list *list, const char *instruction)
{
    static const char *const stops[] = {"，", "。", "；", "！", ",", "."};
    char wanted[TEXT_BYTES] = "", all[TEXT_BYTES] = "", first[TEXT_BYTES];
    size_t bytes = strlen(instruction);
    for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++) {
        const char *at = strstr(instruction, stops[i]);
        if (at != NULL && at > instruction &&
            (size_t)(at - instruction) < bytes)
            bytes = (size_t)(at - instruction);
    }
    snprintf(first, sizeof first, "%.*s", (int)bytes, instruction);
    append(wanted, first);
    for (size_t i = 0; i < list->count; i++) {
        if (is_text(&list->items[i]))
            append(all, list->items[i].text.string);
    }
    return strstr(all, wanted) != NULL;
}

static void count_strip_orders(struct shown *shown)
{
    const char *instruction = shown->message->alert.instruction;
    /* One of many pages comes again more rarely. */
    if (shown->count > ORDER_PAGES &&
        size_of(&shown->lists[ORDER_PAGES], instruction) > 0 &&
        size_of(&shown->lists[ORDER_PAGES - 1], instruction) > 0)
        return;
    size_t since = 0;
    int64_t since_ms = 0;
    bool begun = false;
    for (size_t p = 0; p < shown->count; p++) {
        if (shows_order(&shown->lists[p], instruction) ||
            size_of(&shown->lists[p], instruction) > 0) {
            since = 0;
            since_ms = 0;
            begun = true;
            continue;
        }
        since++;
        since_ms += page_dwell_ms(shown->set, p);
        /* One page that takes longer to read than that stands between two. */
        if (begun &&
            (since >= STRIP_PAGES || (since > 1 && since_ms > STRIP_MS)) &&
            size_of(&shown->lists[p], instruction) == 0) {
            shown->counts->orders_missing++;
            tell(shown, "the order is too far away", p);
        }
    }
}

static void count_orders(struct shown *shown, bool strip)
{
    const struct alert *alert = &shown->message->alert;
    if (shown->message->kind != MESSAGE_ALERT || alert->instruction[0] == '\0')
        return;
    int order = size_of(&shown->lists[0], alert->instruction);
    int event = size_of(&shown->lists[0], alert->event);
    if (order == 0 || order * 100 < event * ORDER_PERCENT) {
        shown->counts->orders_small++;
        tell(shown, "the order is under 1.25 of the event", 0);
    }
    if (strip) {
        count_strip_orders(shown);
        return;
    }
    for (size_t p = 0; p < shown->count; p++) {
        if (size_of(&shown->lists[p], alert->instruction) > 0)
            continue;
        shown->counts->orders_missing++;
        tell(shown, "the order is missing", p);
    }
}

static void count_breaks(struct shown *shown)
{
    const struct message *message = shown->message;
    struct shown_pages pages = {.legal_px = shown->glass.legal_px,
                                .once = message->kind == MESSAGE_PANEL};
    struct page_break_counts before = shown->counts->breaks;
    struct page_texts texts;
    for (size_t p = 0; p < shown->count; p++)
        shown_pages_add(&pages, &shown->lists[p], p);
    page_check_texts(message, &shown->page, &texts);
    page_breaks_follow(&pages, &texts, page_breaks_count,
                       &shown->counts->breaks);
    page_check_texts_finish(&texts);
    shown_pages_finish(&pages);
    if (shown->counts->breaks.prohibitions > before.prohibitions)
        tell(shown, "a prohibition is parted", 0);
    if (shown->counts->breaks.early > before.early)
        tell(shown, "a clause is broken that a page holds", 0);
}

static void show(struct shown *shown, const struct page_context *context)
{
    shown->set = page_set_create(shown->message, context);
    assert_non_null(shown->set);
    shown->count = page_set_count(shown->set);
    assert_in_range(shown->count, 1, LISTS_MOST);
    for (size_t p = 0; p < shown->count; p++)
        shown->lists[p] = pages_at(shown->set, p, INT32_MAX, PAGES_NOW_MS);
}

void law_count(const struct message *message, const struct theme *theme,
               const struct type_metrics *metrics,
               const struct law_glass *glass, bool ticker,
               struct law_counts *counts, char why[LAW_BYTES])
{
    static struct shown shown;
    unsigned parts = FURNITURE_DEFAULT | (ticker ? FURNITURE_TICKER : 0);
    shown = (struct shown){.message = message, .counts = counts, .why = why};
    shown.glass = geometry_make(glass->width, glass->height, glass->height_mm,
                                glass->viewing_mm);
    struct page_context context = pages_context(theme, glass->width,
                                                glass->height, message->kind);
    context.metrics = metrics;
    context.geometry = shown.glass;
    if (message->kind == MESSAGE_PANEL)
        context.geometry = furniture_page_geometry(
            &shown.glass, furniture_for(&shown.glass, parts));
    shown.page = context.geometry;
    if (why != NULL)
        why[0] = '\0';
    show(&shown, &context);
    bool strip = page_message_is_strip(message, &context.geometry);
    counts->messages++;
    counts->pages += shown.count;
    if (shown.count > counts->most_pages)
        counts->most_pages = shown.count;
    for (size_t p = 0; p < shown.count; p++) {
        if (shown.count > 1 && shown.glass.shape != SHAPE_STRIP && !strip)
            count_empty(&shown, p);
    }
    for (size_t p = 1; p < shown.count; p++) {
        if (message->kind == MESSAGE_PANEL &&
            message->panel.template == TEMPLATE_NOTICE &&
            page_is_poster(&context.geometry) &&
            message->panel.sender[0] != '\0')
            count_ends(&shown, p);
    }
    for (size_t p = 0; p < shown.count; p++)
        count_touching(&shown, p);
    count_hero(&shown, metrics);
    count_orders(&shown, strip);
    count_breaks(&shown);
    for (size_t p = 0; p < shown.count; p++)
        draw_list_finish(&shown.lists[p]);
    page_set_destroy(shown.set);
}
