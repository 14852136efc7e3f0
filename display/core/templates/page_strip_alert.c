/* An alert on a strip: what to do comes first, alone. Then it stands on every
 * page above what else there is to say, where it has room there; else it comes
 * again after every few pages. */
#include "display/core/templates/page_template.h"

#include "display/core/page/page_figure.h"
#include "display/core/page/page_strip.h"
#include "display/core/page/page_words.h"
#include "display/core/templates/page_clear.h"

#include <stdio.h>
#include <string.h>

enum { PAGES_BETWEEN = 2, MS_BETWEEN = 12000 };
/* An order of more pages comes again after this many times its own pages. */
enum { SHORT_PAGES = 2, LONG_TIMES = 3 };
/* The level's shape: of the height, and at most of the width; or, smaller, of
 * the legal size. The gap beside it: of the legal size. */
enum { SHAPE_HIGH_PERCENT = 90, SHAPE_WIDE_PERCENT = 25 };
enum { SHAPE_SMALL_PERCENT = 110, SHAPE_GAP_PERCENT = 40 };

/* On the pages after its own it takes at most so much of the height. */
enum { REMINDER_PERCENT = 52, RULE_PARTS = 40, CLAUSE_EMS = 10 };

struct strip_alert {
    struct page_build *build;
    struct page_strip lines; /* short ones share a page */
};

/* Whether the page ends within a clause. */
static bool is_broken(const struct page *page)
{
    static const char mark[] = "…";
    size_t bytes = sizeof mark - 1;
    for (size_t i = 0; i < page->count; i++) {
        const struct draw_item *item = &page->elements[i].item;
        if (item->kind != DRAW_TEXT)
            continue;
        size_t length = strlen(item->text.string);
        if (length >= bytes &&
            strcmp(item->text.string + length - bytes, mark) == 0)
            return true;
    }
    return false;
}

/* A short order stands on every third page at least, and is never away for
 * longer than MS_BETWEEN. If it has two pages of whole clauses, one of them
 * comes again at a time. */
static void repeat_order(struct page_build *build, size_t order_pages)
{
    struct page_set *set = build->set;
    bool brief = order_pages <= SHORT_PAGES;
    size_t most = brief ? PAGES_BETWEEN : LONG_TIMES * order_pages;
    size_t since = 0, turn = 0;
    if (order_pages == 0 || build->failed)
        return;
    bool in_turn = brief && !is_broken(&set->pages[0]);
    size_t count = in_turn ? 1 : order_pages;
    int64_t since_ms = 0;
    page_close(build);
    for (size_t i = order_pages; i < set->count && !build->failed; i++) {
        int64_t reading_ms = page_reading_ms(build, &set->pages[i]);
        if (since == most ||
            (brief && since > 0 && since_ms + reading_ms > MS_BETWEEN)) {
            build->failed = !page_set_repeat(set, turn, count, i);
            turn = (turn + count) % order_pages;
            i += count;
            since = 0;
            since_ms = 0;
        }
        since++;
        since_ms += reading_ms;
    }
}

/* An empty page. */
static void open_next(struct strip_alert *strip)
{
    page_strip_flush(&strip->lines);
    page_strip_open(strip->build);
}

static void say(struct strip_alert *strip, const char *words,
                enum type_role role)
{
    if (words[0] == '\0')
        return;
    open_next(strip);
    page_strip_say(strip->build, words, role, strip->build->text);
}

/* With other short lines where it is one. */
static void add(struct strip_alert *strip, const char *words,
                enum type_role role)
{
    page_strip_add(&strip->lines, words, role, strip->build->text);
}

/* The first of several ways to say it that stands on one line, with others;
 * NULL: none does. */
static const char *as_line(struct page_build *build, const char *const *ways,
                           size_t count)
{
    if (page_strip_lines(build) < 2)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        if (strchr(ways[i], '\n') == NULL && page_strip_is_line(build, ways[i]))
            return ways[i];
    }
    return NULL;
}

/* Of several ways to say it the one that stands largest in the width with no
 * line of it broken; size 0: none does. */
static struct page_text best_way(struct page_build *build, enum type_role role,
                                 const char *const *ways, size_t count,
                                 int width_px)
{
    struct page_text best = {.size_px = 0};
    for (size_t i = 0; i < count && width_px > 0; i++) {
        struct page_text text = page_strip_text(build, ways[i], role,
                                                build->text);
        text.unity = UNITY_LINES;
        if (page_strip_fit(build, &text, width_px, build->area.height) &&
            text.size_px > best.size_px)
            best = text;
    }
    return best;
}

/* On one page; false: no way has room. */
static bool say_best(struct strip_alert *strip, enum type_role role,
                     const char *const *ways, size_t count)
{
    struct page_build *build = strip->build;
    open_next(strip);
    struct page_text best = best_way(build, role, ways, count,
                                     build->area.width);
    if (best.size_px > 0)
        page_flow_text(build, &best);
    return best.size_px > 0;
}

/* The fact with its label, or without a label that is not needed; NULL: it does
 * not stand on one line. */
static const char *fact_line(struct page_build *build,
                             const struct alert_fact *fact)
{
    const char *const ways[] = {
        page_strip_joined(build, fact->label, fact->text), fact->text};
    return as_line(build, ways, fact->bare ? 2 : 1);
}

/* The label stands before its text or above it, and is left out if it is not
 * needed and has no room. */
static void say_fact(struct strip_alert *strip, const struct alert_fact *fact)
{
    struct page_build *build = strip->build;
    open_next(strip);
    const char *text = page_strip_list(build, fact->text);
    const char *const ways[] = {page_strip_joined(build, fact->label, text),
                                page_strip_stacked(build, fact->label, text)};
    if (say_best(strip, TYPE_SANS, ways, 2))
        return;
    if (!fact->bare)
        say(strip, fact->label, TYPE_SANS);
    say(strip, text, TYPE_SANS);
}

/* The number stays whole where a line can hold it. */
static void say_contact(struct strip_alert *strip, size_t index)
{
    struct page_build *build = strip->build;
    const struct alert_contact *contact =
        &build->message->alert.contacts[index];
    const char *label = build->theme->words[WORD_CONTACTS];
    bool named = contact->label[0] != '\0';
    const char *who = named ? contact->label : label;
    const char *both = page_labelled(build, who, contact->number);
    const char *const ways[] = {both,
                                page_strip_stacked(build, who, contact->number),
                                page_strip_joined(build, label, both)};
    if (as_line(build, ways, 1) != NULL) {
        add(strip, both, TYPE_SANS);
        return;
    }
    if (say_best(strip, TYPE_SANS, ways, named ? 3 : 2))
        return;
    say(strip, who, TYPE_SANS);
    say(strip, contact->number, TYPE_SANS);
}

/* Words beside the level's shape. */
struct marked {
    struct page_text text; /* size 0: it has no room */
    int side_px, width_px; /* of the shape; left for the text */
};

/* With the large shape, else with the small one. */
static struct marked find_marked(struct page_build *build,
                                 const char *const *ways, size_t count)
{
    const struct rect *area = &build->area;
    int legal = build->sizes[SIZE_LEGAL];
    const int sides[] = {smaller(area->height * SHAPE_HIGH_PERCENT / 100,
                                 area->width * SHAPE_WIDE_PERCENT / 100),
                         legal * SHAPE_SMALL_PERCENT / 100};
    struct marked best = {.text.size_px = 0};
    for (size_t i = 0; i < 2 && best.text.size_px == 0; i++) {
        int width = area->width - sides[i] - legal * SHAPE_GAP_PERCENT / 100;
        if (sides[i] <= area->height)
            best = (struct marked){
                best_way(build, TYPE_SANS_BOLD, ways, count, width), sides[i],
                width};
    }
    best.text.align = TYPESET_LEFT;
    return best;
}

/* In the middle, the text behind the shape. False: no way has room. */
static bool say_marked(struct strip_alert *strip, const char *const *ways,
                       size_t count)
{
    struct page_build *build = strip->build;
    open_next(strip);
    const struct marked marked = find_marked(build, ways, count);
    if (marked.text.size_px == 0)
        return false;
    struct rect area = build->area;
    int text_px = page_text_width(build, &marked.text, marked.width_px);
    int x = area.x + (marked.width_px - text_px) / 2;
    int height = page_text_height(build, &marked.text, marked.width_px);
    struct rect shape = {x, area.y + (area.height - marked.side_px) / 2,
                         marked.side_px, marked.side_px};
    page_put_level_shape(build, shape);
    page_put_text(build, &marked.text, x + area.width - marked.width_px,
                  area.y + (area.height - height) / 2, marked.width_px);
    build->y = area.y + area.height;
    return true;
}

/* Event and level on pages of their own, the shape beside one of them. */
static void say_event_apart(struct strip_alert *strip)
{
    struct page_build *build = strip->build;
    const struct alert *alert = &build->message->alert;
    const char *const event = alert->event;
    const char *const level = build->theme->levels[alert->level].word;
    bool marked = say_marked(strip, &event, 1);
    if (!marked)
        say(strip, event, TYPE_SANS_BOLD);
    if (marked || !say_marked(strip, &level, 1))
        say(strip, level, TYPE_SANS_BOLD);
}

/* With words of the same page: beside the event, or on a line below it. */
static bool say_event_with(struct strip_alert *strip, const char *line,
                           const char *lines, const char *words)
{
    struct page_build *build = strip->build;
    const char *const ways[] = {page_strip_joined(build, line, words),
                                page_strip_stacked(build, line, words),
                                page_strip_joined(build, lines, words),
                                page_strip_stacked(build, lines, words)};
    return words[0] != '\0' && say_marked(strip, ways, 4);
}

/* Says the event and the level, in words and by the level's shape. The response
 * and, of several alerts in force, the number of this one (1/3) stand on the
 * same page if they fit. *response_due: the response did not. */
static void say_event(struct strip_alert *strip, bool *response_due)
{
    struct page_build *build = strip->build;
    const struct alert *alert = &build->message->alert;
    const char *stack = page_stack_words(build);
    const char *response = page_alert_response(build);
    const char *line = page_alert_event(build);
    const char *lines = page_strip_stacked(
        build, alert->event, build->theme->levels[alert->level].word);
    const char *const ways[] = {line, lines};
    if (say_event_with(strip, line, lines,
                       page_strip_joined(build, response, stack)))
        return;
    bool stacked = say_event_with(strip, line, lines, stack);
    if (!stacked && !say_marked(strip, ways, 2))
        say_event_apart(strip);
    if (!stacked)
        say(strip, stack, TYPE_SANS_BOLD);
    *response_due = true;
}

static struct page_text reminder_text(const struct page_build *build)
{
    return page_strip_text(build, build->message->alert.instruction,
                           TYPE_SANS_BOLD, build->text);
}

/* What to do, whole, over a thin line. */
static void reminding_header(struct page_build *build)
{
    struct page_text order = reminder_text(build);
    int thin = build->sizes[SIZE_LEGAL] / RULE_PARTS + 1;
    page_put_drill_mark(build);
    int height = page_put_text(build, &order, build->area.x, build->area.y,
                               build->area.width);
    struct rect rule = {build->area.x, build->area.y + height,
                        build->area.width, thin};
    page_put_fill(build, rule, 0, build->text, PAGE_STILL);
    page_narrow(build, height + 2 * thin);
}

/* Whether the order leaves half of the page, and room for a clause. */
static bool has_reminder(struct page_build *build)
{
    struct page_text order = reminder_text(build);
    int legal = build->sizes[SIZE_LEGAL];
    int most = build->area.height * REMINDER_PERCENT / 100;
    int rules = 2 * (legal / RULE_PARTS + 1);
    int height = page_text_height(build, &order, build->area.width) + rules;
    int lines = (build->area.height - height) * 100 /
                (legal * PAGE_STRIP_LEADING);
    return order.text[0] != '\0' && height <= most &&
           lines * (build->area.width / legal) >= CLAUSE_EMS;
}

/* The area of a page, without one. */
static void measure_area(struct page_build *build)
{
    page_close(build);
    build->area = build->geometry.safe;
    build->area.height -= build->mark_px;
    page_put_drill_mark(build);
}

/* «DRILL · Move to higher ground now», for the mark may say 演练 alone. */
static const char *marked_english(struct page_build *build, const char *words)
{
    const char *mark = strchr(page_drill_words(build), ' ');
    char marked[LIMIT_INSTRUCTION_CHARACTERS * 4 + WORDS_BYTES];
    if (mark == NULL || strncmp(words, mark + 1, strlen(mark + 1)) == 0)
        return words;
    snprintf(marked, sizeof marked, "%s · %s", mark + 1, words);
    return page_keep(build, marked);
}

static bool is_english(const struct alert_text *text)
{
    return strcmp(text->language, "en") == 0;
}

/* English stands whole on a page or not at all. The other languages of the
 * place go on over pages, as Chinese does. */
static void say_in(struct strip_alert *strip, const struct alert_text *language,
                   const char *words)
{
    struct page_build *build = strip->build;
    bool english = is_english(language);
    if (words[0] == '\0')
        return;
    struct page_text text =
        page_strip_text(build, english ? marked_english(build, words) : words,
                        TYPE_SANS, build->text);
    text.unity = UNITY_WORDS;
    open_next(strip);
    bool fits = page_strip_fit(build, &text, build->area.width,
                               build->area.height);
    if (fits)
        page_flow_text(build, &text);
    else if (!english)
        say(strip, words, TYPE_SANS);
}

static void say_orders_in(struct strip_alert *strip)
{
    struct alert_text texts[LIMIT_LANGUAGES + 1];
    size_t count = alert_languages(&strip->build->message->alert, texts);
    for (size_t i = 0; i < count; i++)
        say_in(strip, &texts[i], texts[i].instruction);
}

/* Only English leaves room for a reminder. */
static void say_headlines_in(struct strip_alert *strip, bool reminds)
{
    struct page_build *build = strip->build;
    struct alert_text texts[LIMIT_LANGUAGES + 1];
    size_t count = alert_languages(&build->message->alert, texts);
    for (size_t i = 0; i < count; i++) {
        bool reminded = reminds && is_english(&texts[i]);
        build->header = reminded ? reminding_header : page_put_drill_mark;
        say_in(strip, &texts[i], page_alert_headline_in(build, &texts[i]));
    }
}

/* Facts of one line share pages; longer ones come before them. */
static void say_facts(struct strip_alert *strip, bool response_due)
{
    struct page_build *build = strip->build;
    const struct alert *alert = &build->message->alert;
    struct alert_facts facts;
    const char *lines[ALERT_FACTS];
    page_alert_facts(build, &facts);
    for (size_t i = 0; i < facts.count; i++) {
        lines[i] = fact_line(build, &facts.items[i]);
        if (lines[i] == NULL)
            say_fact(strip, &facts.items[i]);
    }
    if (response_due)
        add(strip, page_alert_response(build), TYPE_SANS_BOLD);
    for (size_t i = 0; i < facts.count; i++)
        add(strip, lines[i] == NULL ? "" : lines[i], TYPE_SANS);
    for (size_t i = 0; i < alert->contact_count; i++)
        say_contact(strip, i);
}

/* Says all of it on new pages. */
static void say_alert(struct page_build *build, bool reminds)
{
    const struct alert *alert = &build->message->alert;
    struct strip_alert strip = {.build = build,
                                .lines = {.build = build, .whole = true}};
    page_close(build);
    page_set_clear(build->set);
    build->header = page_put_drill_mark;
    say(&strip, alert->instruction, TYPE_SANS_BOLD);
    size_t order_pages = build->set->count;
    if (reminds)
        build->header = reminding_header;
    bool response_due = false;
    say_event(&strip, &response_due);
    say_facts(&strip, response_due);
    say(&strip, alert->web, TYPE_SANS);
    add(&strip, alert->headline, TYPE_SANS);
    page_strip_flush(&strip.lines);
    say(&strip, alert->description, TYPE_SANS);
    /* What to do in another language needs no reminder in Chinese. */
    build->header = page_put_drill_mark;
    page_strip_close_empty(build);
    say_orders_in(&strip);
    say_headlines_in(&strip, reminds);
    page_strip_close_empty(build);
    if (!reminds)
        repeat_order(build, order_pages);
}

/* The order stands on every page if that takes no more pages than repeating it.
 * */
void page_strip_alert(struct page_build *build)
{
    page_alert_colours(build);
    build->settle = 0.5;
    say_alert(build, false);
    size_t repeated = build->set->count;
    measure_area(build);
    if (build->failed || !has_reminder(build))
        return;
    say_alert(build, true);
    if (build->set->count > repeated)
        say_alert(build, false);
}

/* «洪水　红色预警 / 已解除» */
static void say_end(struct strip_alert *strip)
{
    struct page_build *build = strip->build;
    const char *event = page_clear_event(build);
    const char *word = build->theme->words[WORD_CLEAR];
    const char *const ways[] = {page_strip_joined(build, event, word),
                                page_strip_stacked(build, event, word)};
    if (say_best(strip, TYPE_SANS_BOLD, ways, 2))
        return;
    say(strip, event, TYPE_SANS_BOLD);
    say(strip, word, TYPE_SANS_BOLD);
}

void page_strip_clear(struct page_build *build)
{
    struct strip_alert strip = {.build = build,
                                .lines = {.build = build, .whole = true}};
    struct alert_facts facts;
    page_clear_colours(build);
    build->header = page_put_drill_mark;
    build->settle = 0.5;
    say_end(&strip);
    say(&strip, page_clear_remaining(build), TYPE_SANS_BOLD);
    say(&strip, build->message->cancel.reason, TYPE_SANS);
    page_clear_facts(build, &facts);
    for (size_t i = 0; i < facts.count; i++)
        say_fact(&strip, &facts.items[i]);
    page_strip_flush(&strip.lines);
    say(&strip, page_clear_english(build), TYPE_SANS);
}
