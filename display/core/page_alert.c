/* An alert on the whole glass: event and level above, what to do biggest,
 * where, when, who and whom to call below; the rest on further pages. */
#include "display/core/page_alert.h"

#include "display/core/page_figure.h"
#include "display/core/page_template.h"

/* The instruction is at most this share of the shorter side high a character;
 * the facts go to the next page unless it stays well above the event. */
#define INSTRUCTION_PERCENT 26
#define INSTRUCTION_LEAST_PERCENT 115
enum { INSTRUCTION_LEADING = 118 };
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

static void put_event(struct page_build *build)
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
    put_event(build);
}

/* Where, when, who, whom to call: in two columns on a wide page. */
struct facts {
    struct alert_fact rows[ALERT_FACTS];
    size_t count;
    int size_px;
    int label_px; /* column of the labels */
    int columns;
};

static struct page_text fact_text(const struct page_build *build,
                                  const struct facts *facts, const char *text,
                                  enum type_role role)
{
    return (struct page_text){.text = text,
                              .role = role,
                              .size_px = facts->size_px,
                              .colour = build->text};
}

static struct facts make_facts(struct page_build *build, int size_px)
{
    struct facts facts = {.size_px = size_px, .columns = build->wide ? 2 : 1};
    facts.count = page_alert_facts(build, false, facts.rows);
    for (size_t i = 0; i < facts.count; i++) {
        struct page_text label = fact_text(build, &facts, facts.rows[i].label,
                                           TYPE_SANS);
        int width = page_run_px(build, &label) + size_px / 2;
        if (width > facts.label_px)
            facts.label_px = width;
    }
    return facts;
}

static int column_px(const struct page_build *build, const struct facts *facts)
{
    return build->area.width / facts->columns;
}

static int fact_width(const struct page_build *build, const struct facts *facts)
{
    int gap = facts->columns > 1 ? build->gap : 0;
    return column_px(build, facts) - facts->label_px - gap;
}

/* Of the row that begins with this fact. */
static int row_height(struct page_build *build, const struct facts *facts,
                      size_t from)
{
    int height = 0;
    for (size_t i = from; i < facts->count && i < from + (size_t)facts->columns;
         i++) {
        struct page_text text = fact_text(build, facts, facts->rows[i].text,
                                          TYPE_SANS_BOLD);
        int one = page_text_height(build, &text, fact_width(build, facts));
        height = one > height ? one : height;
    }
    return height;
}

static int facts_height(struct page_build *build, const struct facts *facts)
{
    int height = 0;
    for (size_t i = 0; i < facts->count; i += (size_t)facts->columns)
        height += row_height(build, facts, i);
    return height;
}

static void put_fact(struct page_build *build, const struct facts *facts,
                     size_t index, int y)
{
    int x = build->area.x +
            (int)(index % (size_t)facts->columns) * column_px(build, facts);
    struct page_text label = fact_text(build, facts, facts->rows[index].label,
                                       TYPE_SANS);
    struct page_text text = fact_text(build, facts, facts->rows[index].text,
                                      TYPE_SANS_BOLD);
    page_put_text(build, &label, x, y, facts->label_px);
    page_with_previous(build);
    page_put_text(build, &text, x + facts->label_px, y,
                  fact_width(build, facts));
}

static void put_facts(struct page_build *build, const struct facts *facts,
                      int y)
{
    for (size_t i = 0; i < facts->count; i++) {
        put_fact(build, facts, i, y);
        if ((i + 1) % (size_t)facts->columns == 0)
            y += row_height(build, facts, i + 1 - (size_t)facts->columns);
    }
}

static void flow_facts(struct page_build *build, const struct facts *facts)
{
    int height = facts_height(build, facts);
    if (height <= build->area.height) {
        put_facts(build, facts, page_take(build, height));
        return;
    }
    for (size_t i = 0; i < facts->count; i++) {
        struct page_text label = fact_text(build, facts, facts->rows[i].label,
                                           TYPE_SANS);
        struct page_text text = fact_text(build, facts, facts->rows[i].text,
                                          TYPE_SANS_BOLD);
        page_flow_text(build, &label);
        page_flow_text(build, &text);
    }
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
static void reminding_header(struct page_build *build)
{
    struct page_text text = instruction_text(build);
    alert_header(build);
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

static int instruction_size(struct page_build *build, int height)
{
    const struct geometry *geometry = &build->geometry;
    int side = geometry->width_px < geometry->height_px ? geometry->width_px
                                                        : geometry->height_px;
    return page_text_fit(build, instruction_text(build), build->area.width,
                         height, side * INSTRUCTION_PERCENT / 100,
                         build->sizes[SIZE_BODY]);
}

/* Instruction in the middle of what the facts leave free. */
static void put_instruction(struct page_build *build, int size, int height)
{
    struct page_text text = instruction_text(build);
    struct page_text english = english_text(build);
    text.size_px = size;
    int width = build->area.width;
    int used = page_text_height(build, &text, width) +
               page_text_height(build, &english, width);
    int y = build->area.y + (height - used) / 2;
    y += page_put_text(build, &text, build->area.x, y, width);
    page_put_text(build, &english, build->area.x, y, width);
}

/* Returns false when the facts have to go on a page of their own. */
static bool put_with_facts(struct page_build *build, const struct facts *facts)
{
    struct page_text english = english_text(build);
    int below = facts_height(build, facts);
    int room = build->area.height - below - build->gap;
    int rest = room - page_text_height(build, &english, build->area.width);
    int size = rest > 0 ? instruction_size(build, rest) : 0;
    int least = build->sizes[SIZE_TITLE] * INSTRUCTION_LEAST_PERCENT / 100;
    if (size < least && facts->count > 0)
        return false;
    put_instruction(build, size, room);
    put_facts(build, facts, build->area.y + build->area.height - below);
    return true;
}

static void flow_instruction(struct page_build *build)
{
    struct page_text text = instruction_text(build);
    struct page_text english = english_text(build);
    int height = build->area.height -
                 page_text_height(build, &english, build->area.width);
    int size = height > 0 ? instruction_size(build, height) : 0;
    text.size_px = size > 0 ? size : build->sizes[SIZE_BODY];
    page_flow_text(build, &text);
    page_flow_text(build, &english);
}

void page_template_alert(struct page_build *build)
{
    page_alert_colours(build);
    build->header = alert_header;
    page_open(build);
    struct facts facts = make_facts(build, build->sizes[SIZE_LEGAL]);
    if (build->message->alert.instruction[0] == '\0') {
        struct page_text english = english_text(build);
        page_flow_text(build, &english);
        flow_facts(build, &facts);
        page_alert_flow_more(build);
        return;
    }
    /* Facts stand at the bottom: nothing is left to settle. */
    build->y = build->area.y + build->area.height;
    if (!put_with_facts(build, &facts)) {
        build->y = build->area.y;
        flow_instruction(build);
        build->header = reminding_header;
        page_open(build);
        flow_facts(build, &facts);
    }
    build->header = reminding_header;
    page_alert_flow_more(build);
}
