/* An alert on the whole glass: event and level above, what to do biggest,
 * where, when, who and whom to call below; the rest on further pages. */
#include "display/core/templates/page_alert.h"

#include <string.h>

#include "display/core/page/page_figure.h"
#include "display/core/page/page_template.h"
#include "display/core/templates/page_alert_facts.h"

/* The instruction is at most this share of the shorter side high a character;
 * the facts go to the next page unless it stays well above the event. */
#define INSTRUCTION_PERCENT 26
#define INSTRUCTION_LEAST_PERCENT 115
/* A code beside the facts may take so much of the instruction's size, and be so
 * much larger than it has to. */
enum { CODE_COST_PERCENT = 15, CODE_MOST_PERCENT = 125 };
enum { INSTRUCTION_LEADING = 118 };
/* Broken by clauses it keeps so much of its size. */
enum { CLAUSES_PERCENT = 55 };
/* A width at which no line breaks by itself. */
enum { UNBROKEN_PX = 32000 };
/* The instruction on the pages after its own: of what is below the event. */
#define REMINDER_PERCENT 30

static void narrow_from_top(struct page_build *build, int height)
{
    build->area.y += height;
    build->area.height -= height;
}

/* A filled box with the level of the response: another axis than colour. */
static int response_width(const struct page_build *build,
                          const struct page_text *text)
{
    return text->text[0] == '\0' ? 0 : page_run_px(build, text) + text->size_px;
}

static void put_response(struct page_build *build, struct page_text *text,
                         int x, int y, int height)
{
    struct rect box = {x, y, response_width(build, text), height};
    page_put_fill(build, box, height / 8, build->text, PAGE_APPEAR);
    page_with_previous(build);
    text->colour = build->ground;
    page_put_run(build, text, x + text->size_px / 2,
                 y + height / 2 + text->size_px * 38 / 100);
}

/* Event and response mark of the header. */
struct event {
    struct page_text words, response;
    int left;  /* the level's shape and its gap */
    int right; /* the response mark; 0: none */
    bool beside;
    int width; /* of the words */
};

static int event_size(struct page_build *build, const struct event *event,
                      int width)
{
    int most = build->sizes[SIZE_TITLE];
    return page_text_fit(build, event->words, width, most * 130 / 100, most,
                         build->sizes[SIZE_LEGAL]);
}

/* The response mark goes below the event where it would press it. */
static struct event make_event(struct page_build *build)
{
    struct event event = {
        .words = {.text = page_alert_event(build),
                  .role = TYPE_SANS_BOLD,
                  .colour = build->text,
                  .leading_percent = 130},
        .response = {.text = page_alert_response(build),
                     .role = TYPE_SANS_BOLD,
                     .size_px = build->sizes[SIZE_LEGAL]},
        .left = build->sizes[SIZE_TITLE] * 4 / 3,
    };
    event.right = response_width(build, &event.response);
    event.width = build->area.width - event.left;
    int alone = event_size(build, &event, event.width);
    int pressed = event.width - event.right - 2 * build->gap;
    event.words.size_px = alone > 0 ? alone : build->sizes[SIZE_LEGAL];
    event.beside = event.right > 0 && alone > 0 && pressed > 0 &&
                   event_size(build, &event, pressed) == alone;
    if (event.beside)
        event.width = pressed;
    return event;
}

void page_alert_put_event(struct page_build *build)
{
    struct rect area = build->area;
    struct event event = make_event(build);
    int mark = build->sizes[SIZE_TITLE];
    int line = event.words.size_px * 130 / 100;
    int down = line < mark ? (mark - line) / 2 : 0;
    struct rect shape = {area.x, area.y + (line > mark ? (line - mark) / 2 : 0),
                         mark, mark};
    page_put_level_shape(build, shape);
    int height = page_put_text(build, &event.words, area.x + event.left,
                               area.y + down, event.width);
    int box = event.response.size_px * 3 / 2;
    narrow_from_top(build, height + down > mark ? height + down : mark);
    if (event.beside) {
        put_response(build, &event.response, area.x + area.width - event.right,
                     shape.y + (mark - box) / 2, box);
    } else if (event.right > 0) {
        put_response(build, &event.response, area.x + event.left,
                     build->area.y + build->gap / 2, box);
        narrow_from_top(build, box + build->gap / 2);
    }
    narrow_from_top(build, build->gap);
}

static void alert_header(struct page_build *build)
{
    page_put_drill_mark(build, build->message->alert.status);
    page_alert_put_event(build);
}

static struct page_text instruction_text(const struct page_build *build)
{
    return (struct page_text){.text = build->message->alert.instruction,
                              .role = TYPE_SANS_BOLD,
                              .colour = build->text,
                              .balanced = true,
                              .leading_percent = INSTRUCTION_LEADING};
}

static struct page_text english_text(const struct page_build *build)
{
    return (struct page_text){.text = build->message->alert.instruction_en,
                              .role = TYPE_SANS,
                              .size_px = build->sizes[SIZE_LEGAL],
                              .colour = build->text};
}

/* What to do stands on every page: who passes by sees only one of them. Long
 * instructions have no room beside anything else. */
void page_alert_put_reminder(struct page_build *build)
{
    struct page_text text = instruction_text(build);
    int width = build->area.width;
    text.size_px = page_text_fit(
        build, text, width, build->area.height * REMINDER_PERCENT / 100,
        build->sizes[SIZE_TITLE], build->sizes[SIZE_LEGAL]);
    if (text.size_px == 0)
        return;
    int thick = build->sizes[SIZE_LEGAL] / 16 + 1;
    narrow_from_top(build, page_put_text(build, &text, build->area.x,
                                         build->area.y, width) +
                               build->gap / 2);
    struct rect rule = {build->area.x, build->area.y, width, thick};
    page_put_fill(build, rule, 0, build->text, PAGE_STILL);
    narrow_from_top(build, thick + build->gap / 2);
}

static void reminding_header(struct page_build *build)
{
    alert_header(build);
    page_alert_put_reminder(build);
}

/* Each clause on a line of its own: 停止外出， / 离开低洼处. */
static struct page_text clauses_text(struct page_build *build)
{
    static const char *const stops[] = {"，", "。", "；", "！", "？"};
    char words[LIMIT_INSTRUCTION_CHARACTERS * (4 + 1) + 1];
    struct page_text text = instruction_text(build);
    size_t at = 0;
    for (const char *from = text.text; *from != '\0';) {
        size_t bytes = 1;
        for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++) {
            size_t length = strlen(stops[i]);
            if (strncmp(from, stops[i], length) == 0)
                bytes = length;
        }
        if (at + bytes + 2 > sizeof words)
            return text;
        memcpy(words + at, from, bytes);
        at += bytes;
        from += bytes;
        if (bytes > 1 && *from != '\0')
            words[at++] = '\n';
    }
    words[at] = '\0';
    text.text = page_keep(build, words);
    return text;
}

static int largest_px(const struct page_build *build)
{
    const struct geometry *geometry = &build->geometry;
    int side = geometry->width_px < geometry->height_px ? geometry->width_px
                                                        : geometry->height_px;
    return side * INSTRUCTION_PERCENT / 100;
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
    int widest = page_text_width(build, &text, UNBROKEN_PX);
    if (widest <= 0)
        return 0;
    /* A pixel less: advances are rounded. */
    int size = text.size_px * build->area.width / widest - 1;
    int by_height = height * 100 / (lines * INSTRUCTION_LEADING);
    int most = largest_px(build);
    size = size < by_height ? size : by_height;
    return size < most ? size : most;
}

/* At most as wide as one line, but for what stops give way by. */
static bool is_one_line(const struct page_build *build,
                        const struct page_text *text)
{
    return page_run_px(build, text) < build->area.width + text->size_px;
}

/* On one line where it stands so; else by clauses, where that costs it not too
 * much of its size. The size is 0 where it has no room. */
static struct page_text choose_instruction(struct page_build *build, int height)
{
    struct page_text text = instruction_text(build);
    text.size_px = page_text_fit(build, text, build->area.width, height,
                                 largest_px(build), build->sizes[SIZE_BODY]);
    if (text.size_px == 0 || is_one_line(build, &text))
        return text;
    struct page_text clauses = clauses_text(build);
    if (lines_of(clauses.text) == 1)
        return text;
    clauses.size_px = clauses_size(build, clauses, height);
    return clauses.size_px * 100 >= text.size_px * CLAUSES_PERCENT ? clauses
                                                                   : text;
}

/* What to do with the facts below it; found once, for it takes longest. */
struct plan {
    struct page_facts facts;
    struct page_text instruction; /* size 0: the facts have to go elsewhere */
    int room_px;                  /* above the facts */
};

static struct plan make_plan(struct page_build *build, int code_px)
{
    struct page_text english = english_text(build);
    int least = build->sizes[SIZE_TITLE] * INSTRUCTION_LEAST_PERCENT / 100;
    struct plan plan = {.facts = page_facts_make(build, code_px),
                        .instruction = instruction_text(build)};
    plan.room_px = build->area.height - page_facts_height(&plan.facts) -
                   build->gap;
    int rest = plan.room_px -
               page_text_height(build, &english, build->area.width);
    if (rest > 0 && page_facts_text_px(build, &plan.facts) > 0)
        plan.instruction = choose_instruction(build, rest);
    if (plan.instruction.size_px < least && plan.facts.count > 0)
        plan.instruction.size_px = 0;
    return plan;
}

/* With the code beside the facts, unless that presses the instruction. */
static struct plan choose_plan(struct page_build *build)
{
    int least = page_alert_code_least_px(build);
    int code_px = page_code_px(build->message->alert.web, least,
                               least * CODE_MOST_PERCENT / 100);
    struct plan alone = make_plan(build, 0);
    if (code_px == 0)
        return alone;
    struct plan coded = make_plan(build, code_px);
    bool cheap = coded.instruction.size_px * 100 >=
                 alone.instruction.size_px * (100 - CODE_COST_PERCENT);
    return cheap ? coded : alone;
}

/* Instruction in the middle of what the facts leave free. */
static void put_plan(struct page_build *build, const struct plan *plan)
{
    struct page_text english = english_text(build);
    const struct rect *area = &build->area;
    int used = page_text_height(build, &plan->instruction, area->width) +
               page_text_height(build, &english, area->width);
    int y = area->y + (plan->room_px - used) / 2;
    y += page_put_text(build, &plan->instruction, area->x, y, area->width);
    page_put_text(build, &english, area->x, y, area->width);
    page_facts_put(build, &plan->facts,
                   area->y + area->height - page_facts_height(&plan->facts));
}

static void flow_instruction(struct page_build *build)
{
    struct page_text text = instruction_text(build);
    struct page_text english = english_text(build);
    int height = build->area.height -
                 page_text_height(build, &english, build->area.width);
    if (height > 0)
        text = choose_instruction(build, height);
    if (text.size_px == 0)
        text.size_px = build->sizes[SIZE_BODY];
    page_flow_text(build, &text);
    page_flow_text(build, &english);
}

/* False: the code still has to be shown. */
static bool instruction_and_facts(struct page_build *build)
{
    struct plan plan = choose_plan(build);
    bool coded = plan.facts.code_px > 0;
    /* Facts stand at the bottom: nothing is left to settle. */
    build->y = build->area.y + build->area.height;
    if (plan.instruction.size_px > 0 || plan.facts.count == 0) {
        put_plan(build, &plan);
        return coded;
    }
    build->y = build->area.y;
    flow_instruction(build);
    build->header = reminding_header;
    page_open(build);
    plan.facts = page_facts_make(build, plan.facts.code_px);
    return page_facts_flow(build, &plan.facts) && coded;
}

static bool facts_alone(struct page_build *build)
{
    struct page_text english = english_text(build);
    page_flow_text(build, &english);
    struct plan plan = choose_plan(build);
    return page_facts_flow(build, &plan.facts) && plan.facts.code_px > 0;
}

void page_template_alert(struct page_build *build)
{
    const struct alert *alert = &build->message->alert;
    page_alert_colours(build);
    build->header = alert_header;
    page_open(build);
    bool coded = alert->instruction[0] == '\0' ? facts_alone(build)
                                               : instruction_and_facts(build);
    if (alert->web[0] != '\0' && !coded)
        page_alert_call(build);
    build->header = reminding_header;
    page_alert_flow_more(build);
}
