/* Checks pages by their draw lists. */
#include "tests/support/page_check.h"

#include "base/utf8.h"
#include "display/core/page/page_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Rounding of advances to whole pixels. */
enum { TOLERANCE_PX = 1, TEXT_BYTES = 16384 };

/* Shares of the em over and under the base line, in hundredths. */
static void extend(uint32_t c, int *over, int *under)
{
    if (c == ' ')
        return;
    bool plain = (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' ||
                 c == 0x2014 || c == 0x2212 || (c >= 0x2160 && c <= 0x217F) ||
                 (c >= 'A' && c <= 'Z' && c != 'Q');
    bool quote = c >= 0x2018 && c <= 0x201D;
    bool stands = c >= 'a' && c <= 'z' && strchr("gjpqy", (int)c) == NULL;
    int up = plain ? 73 : c < 0x2E80 ? 80 : 88;
    int down = plain || quote || stands ? 1 : c < 0x2E80 ? 22 : 12;
    *over = up > *over ? up : *over;
    *under = down > *under ? down : *under;
}

struct rect page_check_box(const struct draw_item *item)
{
    const char *text = item->text.string;
    int over = 0;
    int under = 0;
    if (item->text.column)
        return item->bounds;
    for (uint32_t c = utf8_next(&text); c != 0; c = utf8_next(&text))
        extend(c, &over, &under);
    int size = item->text.size_px;
    int top = item->text.baseline_y - size * over / 100;
    int bottom = item->text.baseline_y + size * under / 100;
    return (struct rect){item->bounds.x, top, item->bounds.width, bottom - top};
}

static struct rect grown(struct rect rect, int by)
{
    return (struct rect){rect.x - by, rect.y - by, rect.width + 2 * by,
                         rect.height + 2 * by};
}

static bool wrong(char why[PAGE_CHECK_BYTES], const char *what,
                  const struct draw_item *a, const struct draw_item *b)
{
    const char *first = a->kind == DRAW_TEXT ? a->text.string : "(shape)";
    const char *second = b == NULL ? "" : b->text.string;
    snprintf(why, PAGE_CHECK_BYTES, "%s: «%.100s» %d,%d %dx%d «%.100s»", what,
             first, a->bounds.x, a->bounds.y, a->bounds.width, a->bounds.height,
             second);
    return false;
}

static bool text_stands_well(const struct draw_item *item,
                             const struct geometry *glass,
                             char why[PAGE_CHECK_BYTES])
{
    /* The frame's words may be two thirds of it where readers are far away. */
    struct geometry page = furniture_page_geometry(glass, FURNITURE_DEFAULT);
    bool frame = item->text.baseline_y < page.safe.y ||
                 item->text.baseline_y > page.safe.y + page.safe.height;
    int legal = frame ? glass->legal_px * 2 / 3 : glass->legal_px;
    if (item->text.size_px < legal)
        return wrong(why, "under the legal size", item, NULL);
    struct rect safe = grown(glass->safe, TOLERANCE_PX);
    if (!rect_contains(safe, page_check_box(item)))
        return wrong(why, "outside the safe area", item, NULL);
    return true;
}

static bool stands_apart(const struct draw_list *list, size_t index,
                         char why[PAGE_CHECK_BYTES])
{
    const struct draw_item *item = &list->items[index];
    struct rect box = grown(page_check_box(item), -TOLERANCE_PX);
    for (size_t i = 0; i < index; i++) {
        const struct draw_item *other = &list->items[i];
        if (other->kind == DRAW_TEXT &&
            !rect_is_empty(rect_intersect(box, page_check_box(other))))
            return wrong(why, "one text over another", other, item);
    }
    return true;
}

/* What lies under a point, of the items before this one. A picture is its
 * colour. */
static draw_colour ground_at(const struct draw_list *list, size_t index, int x,
                             int y)
{
    const struct rect point = {x, y, 1, 1};
    for (size_t i = index; i-- > 0;) {
        const struct draw_item *item = &list->items[i];
        bool filled = item->kind == DRAW_FILL || item->kind == DRAW_PICTURE;
        if (filled && item->colour >> 24 == 0xFF &&
            rect_contains(item->bounds, point))
            return item->colour;
    }
    return 0xFF000000u;
}

/* WCAG 1.4.6: 7:1 on each ground that the line touches: along its middle and
 * just above its base line, or along a column. What reaches over the edge by
 * the rounding of advances is not seen. */
static bool is_legible(const struct draw_list *list, size_t index,
                       struct rect whole, char why[PAGE_CHECK_BYTES])
{
    enum { PLACES = 8 };
    const struct draw_item *item = &list->items[index];
    struct rect box = rect_intersect(page_check_box(item), whole);
    int size = item->text.size_px, line = item->text.baseline_y;

    if (rect_is_empty(box))
        return true;
    for (int i = 0; i <= 2 * PLACES; i++) {
        int x = box.x + (box.width - 1) * (i / 2) / PLACES;
        int y = i % 2 ? line - 1 : line - size / 2;
        if (item->text.column) {
            x = box.x + box.width / 2;
            y = box.y + (box.height - 1) * i / (2 * PLACES);
        }
        if (colour_contrast(item->colour, ground_at(list, index, x, y)) < 7)
            return wrong(why, "under 7:1 on its ground", item, NULL);
    }
    return true;
}

bool page_check_list(const struct draw_list *list, const struct geometry *glass,
                     char why[PAGE_CHECK_BYTES])
{
    struct rect whole = {0, 0, glass->width_px, glass->height_px};
    for (size_t i = 0; i < list->count; i++) {
        const struct draw_item *item = &list->items[i];
        if (item->kind == DRAW_TEXT) {
            if (!text_stands_well(item, glass, why) ||
                !stands_apart(list, i, why) || !is_legible(list, i, whole, why))
                return false;
        } else if (!rect_contains(whole, item->bounds)) {
            return wrong(why, "outside the glass", item, NULL);
        }
    }
    return true;
}

/* Without blanks; the full-width blank is one too. */
static void squeeze(const char *text, char out[TEXT_BYTES])
{
    size_t at = 0;
    const char *from = text;
    for (uint32_t c = utf8_next(&from); c != 0; c = utf8_next(&from)) {
        if (c == ' ' || c == '\n' || c == 0x3000 || c == 0xA0)
            continue;
        assert_true(at + 5 < TEXT_BYTES);
        at += utf8_put(c, out + at);
    }
    out[at] = '\0';
}

/* Whether marks of a broken clause are taken off: «不要开车…», and on the next
 * page «不要…闯积水». Where a text shows with them, they are its own. */
static bool without_marks;
static const char broken[] = "…";
enum { LEAD_BYTES = 24 };

static const char *lead_end(const char *line)
{
    const char *at = strstr(line, broken);
    const char *rest = at == NULL ? "" : at + strlen(broken);
    return rest[0] != '\0' && at - line <= LEAD_BYTES ? rest : NULL;
}

static bool goes_on(const char *line)
{
    size_t bytes = strlen(line), length = strlen(broken);
    return bytes >= length && strcmp(line + bytes - length, broken) == 0;
}

static bool any_line(const struct draw_list *list, bool begins)
{
    static char line[TEXT_BYTES];
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].kind != DRAW_TEXT)
            continue;
        squeeze(list->items[i].text.string, line);
        if (begins ? lead_end(line) != NULL : goes_on(line))
            return true;
    }
    return false;
}

/* What to do, shown again between the pages of a strip. */
static bool is_repeat(const struct draw_list *lists, size_t page)
{
    for (size_t p = 0; p < page; p++) {
        size_t i = 0;
        while (i < lists[page].count && lists[p].count == lists[page].count &&
               lists[p].items[i].kind == lists[page].items[i].kind &&
               (lists[p].items[i].kind != DRAW_TEXT ||
                strcmp(lists[p].items[i].text.string,
                       lists[page].items[i].text.string) == 0))
            i++;
        if (i > 0 && i == lists[page].count)
            return true;
    }
    return false;
}

/* The page before or after it that is no such repetition; NULL: none. */
static const struct draw_list *neighbour(const struct draw_list *lists,
                                         size_t count, size_t page, bool before)
{
    while (before ? page > 0 : page + 1 < count) {
        page += before ? (size_t)-1 : 1;
        if (page == 0 || !is_repeat(lists, page))
            return &lists[page];
    }
    return NULL;
}

/* A line of a page, without blanks. */
static void read_line(const struct draw_list *lists, size_t count, size_t page,
                      size_t item, char out[TEXT_BYTES])
{
    squeeze(lists[page].items[item].text.string, out);
    if (!without_marks)
        return;
    const char *lead = lead_end(out);
    const struct draw_list *before = neighbour(lists, count, page, true);
    const struct draw_list *after = neighbour(lists, count, page, false);
    if (lead != NULL && before != NULL && any_line(before, false))
        memmove(out, lead, strlen(lead) + 1);
    if (goes_on(out) && after != NULL && any_line(after, true))
        out[strlen(out) - strlen(broken)] = '\0';
}

struct search {
    const char *rest; /* what is still to be found */
    bool begun;
};

/* The longest end of the line with which the text begins; 0: none. */
static size_t begins_within(const char *line, const char *wanted)
{
    for (const char *end = line; *end != '\0'; end++) {
        if (strncmp(wanted, end, strlen(end)) == 0)
            return strlen(end);
    }
    return 0;
}

/* A line may be the rest's beginning; a line that holds all of it, whole. */
static bool search_line(struct search *search, const char *line)
{
    if (!search->begun) {
        size_t begun = begins_within(line, search->rest);
        if (begun > 0 && begun < strlen(line)) {
            search->rest += begun;
            search->begun = true;
            return search->rest[0] == '\0';
        }
    }
    size_t bytes = strlen(line);
    if (!search->begun && strstr(line, search->rest) != NULL) {
        search->rest = "";
        return true;
    }
    if (bytes > 0 && strncmp(search->rest, line, bytes) == 0) {
        search->rest += bytes;
        search->begun = true;
    } else if (search->begun &&
               strncmp(line, search->rest, strlen(search->rest)) == 0) {
        search->rest = "";
    }
    return search->rest[0] == '\0';
}

static bool may_begin(const struct draw_list *lists, size_t count, size_t page,
                      size_t item, const char *wanted)
{
    static char line[TEXT_BYTES];
    if (lists[page].items[item].kind != DRAW_TEXT)
        return false;
    read_line(lists, count, page, item, line);
    return begins_within(line, wanted) > 0 || strstr(line, wanted) != NULL ||
           strncmp(wanted, line, strlen(line)) == 0;
}

static bool search_from(const struct draw_list *lists, size_t count,
                        size_t first_list, size_t first_item,
                        const char *wanted)
{
    static char line[TEXT_BYTES];
    struct search search = {wanted, false};
    for (size_t l = first_list; l < count; l++) {
        if (l > first_list && is_repeat(lists, l))
            continue;
        size_t i = l == first_list ? first_item : 0;
        for (; i < lists[l].count; i++) {
            if (lists[l].items[i].kind != DRAW_TEXT)
                continue;
            read_line(lists, count, l, i, line);
            if (search_line(&search, line))
                return true;
        }
    }
    return false;
}

/* Lines of one text stand behind each other; what is before it in the same
 * paragraph (a label) may share its first line. */
static bool shows_in_stream(const struct draw_list *lists, size_t count,
                            const char *wanted)
{
    static char stream[64 * TEXT_BYTES], line[TEXT_BYTES];
    size_t at = 0;
    for (size_t l = 0; l < count; l++) {
        if (is_repeat(lists, l))
            continue;
        for (size_t i = 0; i < lists[l].count; i++) {
            if (lists[l].items[i].kind != DRAW_TEXT)
                continue;
            read_line(lists, count, l, i, line);
            size_t bytes = strlen(line);
            assert_true(at + bytes + 1 < sizeof stream);
            memcpy(stream + at, line, bytes + 1);
            at += bytes;
        }
    }
    return at > 0 && strstr(stream, wanted) != NULL;
}

static bool shows(const struct draw_list *lists, size_t count,
                  const char *wanted)
{
    if (wanted[0] == '\0' || shows_in_stream(lists, count, wanted))
        return true;
    for (size_t l = 0; l < count; l++) {
        for (size_t i = 0; i < lists[l].count; i++) {
            if (may_begin(lists, count, l, i, wanted) &&
                search_from(lists, count, l, i, wanted))
                return true;
        }
    }
    return false;
}

bool page_check_shows(const struct draw_list *lists, size_t count,
                      const char *text)
{
    static char wanted[TEXT_BYTES];
    squeeze(text, wanted);
    without_marks = false;
    if (shows(lists, count, wanted))
        return true;
    without_marks = true;
    return shows(lists, count, wanted);
}

static bool stands_at(const struct draw_list *list, int baseline_y,
                      const char *text)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct draw_item *item = &list->items[i];
        if (item->kind == DRAW_TEXT && item->text.baseline_y == baseline_y &&
            strcmp(item->text.string, text) == 0)
            return true;
    }
    return text[0] == '\0';
}

static bool shows_parts(const struct draw_list *list,
                        const struct panel_figure *figure, const char *digits)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct draw_item *item = &list->items[i];
        if (item->kind != DRAW_TEXT || strcmp(item->text.string, digits) != 0)
            continue;
        int y = item->text.baseline_y;
        if (stands_at(list, y, figure->qualifier) &&
            stands_at(list, y, figure->suffix) &&
            stands_at(list, y, figure->unit))
            return true;
    }
    return false;
}

bool page_check_shows_figure(const struct draw_list *lists, size_t count,
                             const struct panel_figure *figure)
{
    char digits[NUMBER_BYTES];
    char words[512];
    words_number(figure->value, digits);
    for (size_t l = 0; l < count; l++) {
        if (shows_parts(&lists[l], figure, digits))
            return true;
    }
    snprintf(words, sizeof words, "%s%s%s%s", figure->qualifier, digits,
             figure->suffix, figure->unit);
    return page_check_shows(lists, count, words);
}

static void add(struct page_texts *texts, const char *text)
{
    assert_true(texts->count < sizeof texts->items / sizeof texts->items[0]);
    if (text != NULL && text[0] != '\0')
        assert_non_null(texts->items[texts->count++] = strdup(text));
}

/* Paragraphs are broken apart: each is a text of its own. */
static void add_paragraphs(struct page_texts *texts, const char *body)
{
    char *copy = strdup(body);
    assert_non_null(copy);
    char *rest = copy;
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n"))
        add(texts, line);
    free(copy);
}

static void panel_texts(const struct panel *panel, struct page_texts *out)
{
    const char *plain[] = {
        panel->title,   panel->subtitle,  panel->honour,
        panel->address, panel->sender,    panel->caption,
        panel->whole,   panel->now_label, panel->statement,
    };
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        add(out, plain[i]);
    if (panel->template == TEMPLATE_COMPARISON && panel->statement[0] == '\0')
        add(out, panel->baseline_label);
    for (size_t i = 0; i < panel->figure_count; i++) {
        add(out, panel->figures[i].label);
        add(out, panel->figures[i].note);
    }
    for (size_t i = 0; i < panel->item_count; i++) {
        add(out, panel->items[i].text);
        add(out, panel->items[i].detail);
    }
    for (size_t i = 0; i < panel->line_count; i++)
        add(out, panel->lines[i]);
    /* Of many points the chart names the last, and others by lines. */
    if (panel->point_count > 0)
        add(out, panel->points[panel->point_count - 1].label);
    for (size_t i = 0; i < panel->history_count; i++)
        add(out, panel->history[i].level);
    add(out, panel->level);
    add_paragraphs(out, panel->body);
}

/* A headline says what the event says, and its mark of a drill is set anew:
 * «DRILL: red …» becomes «DRILL · Red …». */
static const char *english_of(const struct alert *alert)
{
    static const char *const marks[] = {"DRILL: ", "TEST: "};
    const char *headline = alert->headline_en;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        size_t bytes = strlen(marks[i]);
        if (strncmp(headline, marks[i], bytes) == 0 && headline[bytes] != '\0')
            return headline + bytes + 1;
    }
    return headline[0] == '\0' ? alert->event_en : headline;
}

/* English stands whole on a page or not at all: on a strip it may be away.
 * Where a page has few lines, what happened is not worth one of its own, if the
 * order stands in English. */
static void alert_texts(const struct message *message,
                        const struct geometry *glass, struct page_texts *out)
{
    enum { FEW_LINES = 12 };
    const struct alert *alert = &message->alert;
    bool english = !page_message_is_strip(message, glass);
    bool few = glass->safe.height < FEW_LINES * glass->legal_px;
    bool yields = few && alert->instruction_en[0] != '\0';
    const char *plain[] = {
        alert->event,
        alert->instruction,
        alert->headline,
        alert->description,
        alert->area,
        alert->sender,
        alert->response_level,
        english ? alert->instruction_en : "",
        english && !yields ? english_of(alert) : "",
    };
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        add_paragraphs(out, plain[i]);
    for (size_t i = 0; i < alert->contact_count; i++) {
        add(out, alert->contacts[i].label);
        add(out, alert->contacts[i].number);
    }
}

void page_check_texts(const struct message *message,
                      const struct geometry *glass, struct page_texts *out)
{
    *out = (struct page_texts){0};
    if (message->kind == MESSAGE_PANEL)
        panel_texts(&message->panel, out);
    else if (message->kind == MESSAGE_ALERT)
        alert_texts(message, glass, out);
    if (message->kind != MESSAGE_ALERT_CANCEL)
        return;
    add(out, message->cancel.event);
    add(out, message->cancel.reason);
}

void page_check_texts_finish(struct page_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        free(texts->items[i]);
    texts->count = 0;
}

const char *page_check_drill(const struct geometry *glass)
{
    enum { LOW_PX = 360, WIDE = 3 };
    bool strip = glass->height_px < LOW_PX ||
                 glass->width_px >= WIDE * glass->height_px;
    return strip ? "演练" : "演练 DRILL";
}
