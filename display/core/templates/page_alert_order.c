/* The biggest text of an alert, its size and where its lines break. */
#include "display/core/templates/page_alert_order.h"

#include <string.h>

#include "display/core/page/page_figure.h"
#include "display/core/typeset/clause.h"

/* At most this share of the shorter side high a character. */
enum { ORDER_PERCENT = 26, ORDER_LEADING = 118 };
/* An order keeps this share of its size if each clause has a line, and this
 * share if only no word is broken. */
enum { CLAUSES_PERCENT = 48, WORDS_PERCENT = 75 };
/* Of the area on the page of the order. */
enum { TRANSLATED_PERCENT = 30 };
/* On the pages after its own: of what is below the event. */
enum { REMINDER_PERCENT = 36 };

struct page_text page_alert_order(const struct page_build *build)
{
    const struct alert *alert = &build->message->alert;
    bool told = alert->instruction[0] != '\0';
    return (struct page_text){.text = told ? alert->instruction
                                           : alert->headline,
                              .role = TYPE_SANS_BOLD,
                              .colour = build->text,
                              .balanced = true,
                              .leading_percent = ORDER_LEADING};
}

/* English is for guests. A language of the place stands larger, on one line, if
 * all languages take no more than so much of the height. */
static int translated_px(struct page_build *build, struct page_text text)
{
    int legal = build->sizes[SIZE_LEGAL], title = build->sizes[SIZE_TITLE];
    int most = build->area.height * TRANSLATED_PERCENT / 100;
    if (build->message->alert.text_count == 0)
        return legal;
    int widest = page_text_width(build, &text, PAGE_UNBROKEN_PX);
    int size = widest > 0 ? legal * build->area.width / widest - 1 : legal;
    size = size < title ? size : title;
    text.size_px = size;
    int height = size > legal
                     ? page_text_height(build, &text, build->area.width)
                     : 0;
    if (height > most)
        size = size * most / height;
    return size > legal ? size : legal;
}

struct page_text page_alert_order_translated(struct page_build *build)
{
    const char *translated = page_alert_translated(build, true);
    bool order = build->message->alert.instruction[0] != '\0' ||
                 translated[0] != '\0';
    struct page_text text = {.text = translated,
                             .role = TYPE_SANS,
                             .size_px = build->sizes[SIZE_LEGAL],
                             .colour = build->text};
    if (!order)
        text.text = page_alert_translated(build, false);
    text.size_px = translated_px(build, text);
    return text;
}

/* The text up to the end of a clause. */
static const char *up_to(struct page_build *build, const char *text,
                         uint32_t end)
{
    char *kept = page_set_copy(build->set, text);
    build->failed = build->failed || kept == NULL;
    if (kept == NULL)
        return "";
    kept[end] = '\0';
    return kept;
}

/* As many whole clauses from the first on as stand in the height at the legal
 * size; at least one. */
static const char *first_clauses(struct page_build *build,
                                 struct page_text text, int height)
{
    struct clauses clauses;
    const char *whole = text.text;
    if (!clauses_find(whole, strlen(whole), &clauses)) {
        build->failed = true;
        return "";
    }
    text.size_px = build->sizes[SIZE_LEGAL];
    size_t low = 0, high = clauses.count;
    while (low + 1 < high && !build->failed) {
        size_t middle = low + (high - low) / 2;
        text.text = up_to(build, whole, clauses.items[middle].text.to);
        if (page_text_height(build, &text, build->area.width) <= height)
            low = middle;
        else
            high = middle;
    }
    while (low > 0 && clauses.items[low].end < CLAUSE_END_COMMA)
        low--;
    const char *best = clauses.count == 0
                           ? whole
                           : up_to(build, whole, clauses.items[low].text.to);
    clauses_finish(&clauses);
    return best;
}

static struct page_text fit_reminder(struct page_build *build, int width,
                                     int height)
{
    struct page_text text = page_alert_order(build);
    text.size_px = page_text_fit(build, text, width, height,
                                 page_alert_reminder_px(build),
                                 build->sizes[SIZE_LEGAL]);
    if (text.size_px == 0) {
        text.text = first_clauses(build, text, height);
        text.size_px = build->sizes[SIZE_LEGAL];
    }
    return text;
}

/* The order stands on every page, because people who pass by see only one. Of a
 * long order the first clauses stand there. */
void page_alert_put_reminder(struct page_build *build)
{
    int width = build->area.width;
    int height = build->area.height * REMINDER_PERCENT / 100;
    if (build->message->alert.instruction[0] == '\0')
        return;
    if (build->reminder_width != width || build->reminder_height != height)
        build->reminder = fit_reminder(build, width, height);
    build->reminder_width = width;
    build->reminder_height = height;
    const struct page_text text = build->reminder;
    int thick = build->sizes[SIZE_LEGAL] / 16 + 1;
    page_narrow(build, page_put_text(build, &text, build->area.x, build->area.y,
                                     width) +
                           build->gap / 2);
    struct rect rule = {build->area.x, build->area.y, width, thick};
    page_put_fill(build, rule, 0, build->text, PAGE_STILL);
    page_narrow(build, thick + build->gap / 2);
}

/* Bytes of the stop of a clause that stands there; 0: none does. */
static size_t stop_bytes(const char *text)
{
    static const char *const stops[] = {"，", "。", "；", "！", "？"};
    for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++) {
        if (strncmp(text, stops[i], strlen(stops[i])) == 0)
            return strlen(stops[i]);
    }
    return 0;
}

/* Each clause on a line of its own: 停止外出， / 离开低洼处. */
static struct page_text clauses_text(struct page_build *build)
{
    char words[LIMIT_INSTRUCTION_CHARACTERS * (4 + 1) + 1];
    struct page_text text = page_alert_order(build);
    size_t at = 0;
    for (const char *from = text.text; *from != '\0';) {
        size_t stop = stop_bytes(from), bytes = stop > 0 ? stop : 1;
        if (at + bytes + 2 > sizeof words)
            return text;
        memcpy(words + at, from, bytes);
        at += bytes;
        from += bytes;
        if (stop > 0 && *from != '\0')
            words[at++] = '\n';
    }
    words[at] = '\0';
    text.text = page_keep(build, words);
    return text;
}

bool page_alert_order_is_whole(struct page_build *build, int size_px)
{
    struct page_text clauses = clauses_text(build);
    clauses.size_px = size_px;
    return page_text_width(build, &clauses, PAGE_UNBROKEN_PX) <=
           build->area.width;
}

int page_alert_order_most_px(const struct page_build *build)
{
    return smaller(build->geometry.width_px, build->geometry.height_px) *
           ORDER_PERCENT / 100;
}

static int lines_of(const char *text)
{
    int lines = 1;
    for (; *text != '\0'; text++)
        lines += *text == '\n';
    return lines;
}

/* The largest size at which no clause is broken; widths grow with the size. */
static int clauses_size(struct page_build *build, struct page_text text,
                        int height)
{
    int lines = lines_of(text.text);
    text.size_px = build->sizes[SIZE_LEGAL];
    int widest = page_text_width(build, &text, PAGE_UNBROKEN_PX);
    if (widest <= 0)
        return 0;
    /* A pixel less: advances are rounded. */
    int size = text.size_px * build->area.width / widest - 1;
    int by_height = height * 100 / (lines * ORDER_LEADING);
    int most = page_alert_order_most_px(build);
    size = size < by_height ? size : by_height;
    return size < most ? size : most;
}

/* Whether it stands on one line, where marks can be set closer by an em in all.
 * */
static bool is_one_line(const struct page_build *build,
                        const struct page_text *text)
{
    return page_run_px(build, text) < build->area.width + text->size_px;
}

/* Each clause gets one line if that does not cost too much of the size.
 * Otherwise each clause begins a new line, or no word is broken, if that costs
 * little. */
static struct page_text break_order(struct page_build *build,
                                    struct page_text text, int height)
{
    bool told = build->message->alert.instruction[0] != '\0';
    struct page_text clauses = told ? clauses_text(build) : text;
    int legal = build->sizes[SIZE_LEGAL];
    int least = text.size_px * WORDS_PERCENT / 100;
    least = least < legal ? legal : least;
    if (told && lines_of(clauses.text) > 1) {
        clauses.size_px = clauses_size(build, clauses, height);
        if (clauses.size_px >= legal &&
            clauses.size_px * 100 >= text.size_px * CLAUSES_PERCENT)
            return clauses;
        clauses.size_px = page_text_fit_words(build, clauses, build->area.width,
                                              height, text.size_px, least);
        if (clauses.size_px > 0)
            return clauses;
    }
    int whole = page_text_fit_words(build, text, build->area.width, height,
                                    text.size_px, least);
    text.size_px = whole > 0 ? whole : text.size_px;
    return text;
}

struct page_text page_alert_fit_order(struct page_build *build, int height)
{
    struct page_text text = page_alert_order(build);
    bool told = build->message->alert.instruction[0] != '\0';
    text.size_px = page_text_fit(build, text, build->area.width, height,
                                 page_alert_order_most_px(build),
                                 build->sizes[told ? SIZE_BODY : SIZE_LEGAL]);
    if (text.size_px == 0 || is_one_line(build, &text))
        return text;
    return break_order(build, text, height);
}
