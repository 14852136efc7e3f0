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

static struct page_text line_text(const struct first_line *line,
                                  const char *words, enum type_role role,
                                  draw_colour colour)
{
    return (struct page_text){.text = words,
                              .role = role,
                              .size_px = line->size_px,
                              .colour = colour};
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

static void put_at(struct first_line *line, const struct page_text *text, int x)
{
    page_put_run(line->build, text, x, page_run_baseline(text, line->middle_y));
}

/* A filled box with words in it, at the right end. */
static void put_chip(struct first_line *line, const char *words,
                     draw_colour ground, draw_colour colour)
{
    struct page_text text = line_text(line, words, TYPE_SANS_BOLD, colour);
    int height = line->size_px * CHIP_PERCENT / 100;
    int width = page_run_px(line->build, &text) + line->size_px * 6 / 10;

    line->right -= width;
    page_put_badge(
        line->build, &text,
        (struct rect){line->right, line->middle_y - height / 2, width, height},
        ground);
    line->right -= line->size_px / 2;
}

static void put_drill_chip(struct first_line *line)
{
    const struct theme *theme = line->build->theme;
    const char *words = page_drill_words(line->build);

    if (words[0] != '\0')
        put_chip(line, words, theme->drill_ground, theme->drill_text);
}

/* What the drill mark takes of the line. */
static int chip_px(struct page_build *build)
{
    struct first_line line = begin_line(build);
    struct page_text words = line_text(&line, page_drill_words(build),
                                       TYPE_SANS_BOLD, build->text);

    return words.text[0] == '\0'
               ? 0
               : page_run_px(build, &words) + line.size_px * 11 / 10;
}

/* Whether the line holds the words beside what it has to hold. */
static bool take_room(struct first_line *line, const char *words, int *room_px)
{
    struct page_text text = line_text(line, words, TYPE_SANS,
                                      line->build->text);
    int needed = page_run_px(line->build, &text) + line->size_px / 2;

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
    struct page_text text = line_text(line, words, TYPE_SANS,
                                      line->build->text);

    if (words[0] == '\0')
        return;
    line->right -= page_run_px(line->build, &text);
    put_at(line, &text, line->right);
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
    struct first_line line = begin_line(build);
    struct page_text text = line_text(&line, page_stack_words(build), TYPE_SANS,
                                      build->text);
    int width = page_run_px(build, &text);

    put_at(&(struct first_line){.build = build,
                                .size_px = line.size_px,
                                .middle_y = build->area.y +
                                            build->area.height / 2},
           &text, build->area.x + build->area.width - width);
    build->area.width -= width + line.size_px / 2;
}

/* Beside the drill mark the event may find no room: then the line below says
 * it first, and the level stays. */
static const char *first_words(struct page_build *build, int room_px)
{
    struct first_line line = begin_line(build);
    const char *event = page_alert_event(build);
    struct page_text text = line_text(&line, event, TYPE_SANS_BOLD,
                                      build->text);

    return page_run_px(build, &text) <= room_px
               ? event
               : build->theme->levels[build->message->alert.level].word;
}

/* What stands on the first line. */
struct head {
    const char *words;
    bool whole;           /* the words name the event too */
    bool stack, response; /* have room at the right */
};

static struct head make_head(struct page_build *build)
{
    struct first_line line = begin_line(build);
    int around = line.size_px * (SHAPE_PERCENT + 50) / 100 + chip_px(build);
    int room = line.right - line.left - around;
    const char *words = first_words(build, room);
    struct page_text text = line_text(&line, words, TYPE_SANS_BOLD,
                                      build->text);
    enum alert_level level = build->message->alert.level;
    struct head head = {.words = words,
                        .whole = words != build->theme->levels[level].word};

    room -= page_run_px(build, &text);
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
    struct page_text text = line_text(&line, head.words, TYPE_SANS_BOLD,
                                      build->text);
    put_at(&line, &text, line.left);
    leave_second_line(build);
    if (!head.stack)
        put_stack_below(build);
}

static void say(struct page_build *build, const char *words,
                enum type_role role)
{
    struct page_text text = {.text = words,
                             .role = role,
                             .size_px = build->sizes[SIZE_LEGAL] * SAY_PERCENT /
                                        100,
                             .colour = build->text,
                             .balanced = true};

    if (words[0] == '\0')
        return;
    page_open(build);
    if (page_run_px(build, &text) > build->area.width)
        text.size_px = build->sizes[SIZE_LEGAL];
    text.leading_percent = build->area.height * 100 / text.size_px;
    page_flow_text(build, &text);
}

/* As many units as a line holds, each whole where a line can hold it. */
static void say_units(struct page_build *build, const char **units,
                      size_t count)
{
    const struct page_text style = {.role = TYPE_SANS,
                                    .size_px = build->sizes[SIZE_LEGAL]};
    size_t lines = page_join_units(build, &style, units, count);

    for (size_t i = 0; i < lines; i++)
        say(build, units[i], TYPE_SANS);
}

static void say_facts(struct page_build *build, const struct alert_fact *facts,
                      size_t count)
{
    const char *units[ALERT_FACTS];

    for (size_t i = 0; i < count; i++)
        units[i] = page_labelled(build, facts[i].label, facts[i].text);
    say_units(build, units, count);
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
    say_units(build, units, count);
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
    struct alert_fact facts[ALERT_FACTS];

    page_alert_colours(build);
    build->header = alert_header;
    build->settle = 0;
    struct head head = make_head(build);
    if (!head.whole)
        say(build, alert->event, TYPE_SANS_BOLD);
    say_order(build);
    if (!head.response)
        say(build, page_alert_response(build), TYPE_SANS_BOLD);
    size_t count = page_alert_facts(build, true, facts);
    say_facts(build, facts, count - alert->contact_count);
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
    struct first_line line = begin_line(build);
    struct page_text words = line_text(&line, clear_words(build),
                                       TYPE_SANS_BOLD, build->text);

    return page_run_px(build, &words) + chip_px(build) <=
           line.right - line.left;
}

static void clear_header(struct page_build *build)
{
    struct first_line line = begin_line(build);
    const char *words = clear_fits(build) ? clear_words(build)
                                          : build->theme->words[WORD_CLEAR];
    struct page_text text = line_text(&line, words, TYPE_SANS_BOLD,
                                      build->text);

    put_drill_chip(&line);
    put_at(&line, &text, line.left);
    leave_second_line(build);
}

void page_banner_clear(struct page_build *build)
{
    struct alert_fact facts[CLEAR_FACTS];

    page_clear_colours(build);
    build->header = clear_header;
    build->settle = 0;
    if (!clear_fits(build))
        say(build, page_clear_event(build), TYPE_SANS_BOLD);
    say(build, page_clear_remaining(build), TYPE_SANS_BOLD);
    say(build, build->message->cancel.reason, TYPE_SANS);
    say_facts(build, facts, page_clear_facts(build, facts));
    say(build, page_clear_english(build), TYPE_SANS);
    if (build->set->count == 0)
        page_open(build);
}
