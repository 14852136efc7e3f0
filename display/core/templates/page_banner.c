/* An alert in a band of two lines: event and level above, what to do below,
 * one line a page. */
#include "display/core/templates/page_template.h"

#include "display/core/page/page_figure.h"
#include "display/core/page/page_strip.h"
#include "display/core/templates/page_alert.h"
#include "display/core/templates/page_clear.h"

enum { LINE_PERCENT = 130, CHIP_PERCENT = 118, SHAPE_PERCENT = 108 };
/* What to do is set larger where it then still stands on one line. */
enum { SAY_PERCENT = 125 };

/* The first line, filled from both ends. */
struct first_line {
    struct page_build *build;
    int size_px;
    int middle_y;
    int left, right;
};

static struct page_text line_text(const struct page_build *build,
                                  const char *words, enum type_role role)
{
    return (struct page_text){.text = words,
                              .role = role,
                              .size_px = build->sizes[SIZE_LEGAL],
                              .colour = build->text};
}

static int words_px(const struct page_build *build, const char *words,
                    enum type_role role)
{
    struct page_text text = line_text(build, words, role);

    return page_run_px(build, &text);
}

static struct first_line begin_line(struct page_build *build)
{
    const struct rect *safe = &build->geometry.safe;
    int size = build->sizes[SIZE_LEGAL];

    return (struct first_line){.build = build,
                               .size_px = size,
                               .middle_y = safe->y + size * LINE_PERCENT / 200,
                               .left = safe->x,
                               .right = safe->x + safe->width};
}

static void put_at(const struct first_line *line, const char *words,
                   enum type_role role, int x)
{
    struct page_text text = line_text(line->build, words, role);

    page_put_run(line->build, &text, x,
                 page_run_baseline(&text, line->middle_y));
}

/* The mark of a drill: a filled box with words in it, at the right end. */
static void put_drill_chip(struct first_line *line)
{
    struct page_build *build = line->build;
    const struct theme *theme = build->theme;
    struct page_text text = line_text(build, page_drill_words(build),
                                      TYPE_SANS_BOLD);
    int height = line->size_px * CHIP_PERCENT / 100;
    int width = page_run_px(build, &text) + line->size_px * 6 / 10;

    if (text.text[0] == '\0')
        return;
    text.colour = theme->drill_text;
    line->right -= width;
    page_put_badge(
        build, &text,
        (struct rect){line->right, line->middle_y - height / 2, width, height},
        theme->drill_ground);
    line->right -= line->size_px / 2;
}

/* What the drill mark takes of the line. */
static int chip_px(const struct page_build *build)
{
    const char *words = page_drill_words(build);

    return words[0] == '\0' ? 0
                            : words_px(build, words, TYPE_SANS_BOLD) +
                                  build->sizes[SIZE_LEGAL] * 11 / 10;
}

/* Takes the words' width from the room; false: they do not fit. */
static bool take_room(const struct first_line *line, const char *words,
                      int *room_px)
{
    int needed = words_px(line->build, words, TYPE_SANS) + line->size_px / 2;

    if (words[0] == '\0')
        return true;
    if (needed > *room_px)
        return false;
    *room_px -= needed + line->size_px / 4;
    return true;
}

/* Words at the right end; the line has room for them. */
static void put_right(struct first_line *line, const char *words)
{
    if (words[0] == '\0')
        return;
    line->right -= words_px(line->build, words, TYPE_SANS);
    put_at(line, words, TYPE_SANS, line->right);
    line->right -= line->size_px * 3 / 4;
}

static void put_shape(struct first_line *line)
{
    int side = line->size_px * SHAPE_PERCENT / 100;

    page_put_level_shape(
        line->build,
        (struct rect){line->left, line->middle_y - side / 2, side, side});
    line->left += side + line->size_px / 2;
}

/* The second line is the body; there the page mark has its place too. */
static void leave_second_line(struct page_build *build)
{
    const struct rect *safe = &build->geometry.safe;
    int first = build->sizes[SIZE_LEGAL] * LINE_PERCENT / 100;

    build->area = (struct rect){safe->x, safe->y + first, safe->width,
                                safe->height - first};
    if (build->mark_px > 0)
        build->area.width -= build->sizes[SIZE_LEGAL] * 5 / 2;
}

/* Which of several alerts it is, where the first line has no room for it. */
static void put_stack_below(struct page_build *build)
{
    const char *words = page_stack_words(build);
    int width = words_px(build, words, TYPE_SANS);
    struct first_line below = begin_line(build);

    below.middle_y = build->area.y + build->area.height / 2;
    put_at(&below, words, TYPE_SANS, build->area.x + build->area.width - width);
    build->area.width -= width + below.size_px / 2;
}

/* What stands on the first line. */
struct head {
    const char *words;
    bool whole;           /* the words name the event too */
    bool stack, response; /* have room at the right */
};

/* If the event has no room beside the mark of a drill, the first line says only
 * the level, and the first page says the event in the second line. */
static struct head make_head(struct page_build *build)
{
    struct first_line line = begin_line(build);
    int around = line.size_px * (SHAPE_PERCENT + 50) / 100 + chip_px(build);
    int room = line.right - line.left - around;
    struct head head = {.words = page_alert_event(build)};

    head.whole = words_px(build, head.words, TYPE_SANS_BOLD) <= room;
    if (!head.whole)
        head.words = build->theme->levels[build->message->alert.level].word;
    room -= words_px(build, head.words, TYPE_SANS_BOLD);
    head.stack = take_room(&line, page_stack_words(build), &room);
    head.response = head.stack &&
                    take_room(&line, page_alert_response(build), &room);
    return head;
}

static void alert_header(struct page_build *build)
{
    struct first_line line = begin_line(build);
    struct head head = make_head(build);

    put_shape(&line);
    put_drill_chip(&line);
    if (head.stack)
        put_right(&line, page_stack_words(build));
    if (head.response)
        put_right(&line, page_alert_response(build));
    put_at(&line, head.words, TYPE_SANS_BOLD, line.left);
    leave_second_line(build);
    if (!head.stack)
        put_stack_below(build);
}

static void say(struct page_build *build, const char *words,
                enum type_role role)
{
    struct page_text text = line_text(build, words, role);

    if (words[0] == '\0')
        return;
    page_open(build);
    text.balanced = true;
    text.size_px = text.size_px * SAY_PERCENT / 100;
    if (page_run_px(build, &text) > build->area.width)
        text.size_px = build->sizes[SIZE_LEGAL];
    text.leading_percent = build->area.height * 100 / text.size_px;
    page_flow_text(build, &text);
}

static void say_all(struct page_build *build, const char **lines, size_t count)
{
    for (size_t i = 0; i < count; i++)
        say(build, lines[i], TYPE_SANS);
}

static void say_facts(struct page_build *build, const struct alert_facts *facts)
{
    const struct page_text style = line_text(build, "", TYPE_SANS);
    const char *lines[ALERT_FACTS];

    say_all(build, lines, page_alert_fact_lines(build, &style, facts, lines));
}

static void say_hotlines(struct page_build *build)
{
    const char *units[LIMIT_CONTACTS];
    size_t count = build->message->alert.contact_count;

    for (size_t i = 0; i < count; i++)
        units[i] = page_alert_contact(build, i);
    if (count > 0)
        units[0] = page_labelled(build, build->theme->words[WORD_CONTACTS],
                                 units[0]);
    const struct page_text style = line_text(build, "", TYPE_SANS);
    say_all(build, units, page_join_units(build, &style, units, count));
}

/* The instruction; of an alert without one the headline and the description. */
static void say_order(struct page_build *build)
{
    const struct alert *alert = &build->message->alert;

    if (alert->instruction[0] != '\0') {
        say(build, alert->instruction, TYPE_SANS_BOLD);
        return;
    }
    say(build, alert->headline, TYPE_SANS_BOLD);
    say(build, alert->description, TYPE_SANS);
}

void page_banner_alert(struct page_build *build)
{
    const struct alert *alert = &build->message->alert;
    struct alert_facts facts;

    page_alert_colours(build);
    build->header = alert_header;
    build->settle = 0;
    struct head head = make_head(build);
    if (!head.whole)
        say(build, alert->event, TYPE_SANS_BOLD);
    say_order(build);
    if (!head.response)
        say(build, page_alert_response(build), TYPE_SANS_BOLD);
    page_alert_facts(build, &facts);
    say_facts(build, &facts);
    say_hotlines(build);
    say(build, page_alert_translated(build, true), TYPE_SANS);
    if (build->set->count == 0)
        page_open(build);
}

static const char *clear_words(struct page_build *build)
{
    return page_strip_joined(build, page_clear_event(build),
                             build->theme->words[WORD_CLEAR]);
}

static bool clear_fits(struct page_build *build)
{
    return words_px(build, clear_words(build), TYPE_SANS_BOLD) +
               chip_px(build) <=
           build->geometry.safe.width;
}

static void clear_header(struct page_build *build)
{
    struct first_line line = begin_line(build);
    const char *words = clear_fits(build) ? clear_words(build)
                                          : build->theme->words[WORD_CLEAR];

    put_drill_chip(&line);
    put_at(&line, words, TYPE_SANS_BOLD, line.left);
    leave_second_line(build);
}

void page_banner_clear(struct page_build *build)
{
    struct alert_facts facts;

    page_clear_colours(build);
    build->header = clear_header;
    build->settle = 0;
    if (!clear_fits(build))
        say(build, page_clear_event(build), TYPE_SANS_BOLD);
    say(build, page_clear_remaining(build), TYPE_SANS_BOLD);
    say(build, build->message->cancel.reason, TYPE_SANS);
    page_clear_facts(build, &facts);
    say_facts(build, &facts);
    say(build, page_clear_english(build), TYPE_SANS);
    if (build->set->count == 0)
        page_open(build);
}
