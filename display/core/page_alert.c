/* An alert on the whole glass: event and level above, what to do biggest,
 * where, when, who and whom to call below; the rest on further pages. */
#include "display/core/page_alert.h"

#include "display/core/page_figure.h"
#include "display/core/page_template.h"

/* The instruction: at most this share of the shorter side a character, and
 * the facts below make room until it stands at the title size at least. */
#define INSTRUCTION_PERCENT 26
enum { INSTRUCTION_LEADING = 118 };
/* In ems of the facts' labels and of the event's mark. */
#define CODE_PERCENT 45

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

static void put_event(struct page_build *build)
{
    struct rect area = build->area;
    struct page_text event = {.text = page_alert_event(build),
                              .role = TYPE_SANS_BOLD,
                              .colour = build->text,
                              .leading_percent = 130};
    struct page_text response = {.text = page_alert_response(build),
                                 .role = TYPE_SANS_BOLD,
                                 .size_px = build->sizes[SIZE_LEGAL]};
    int mark = build->sizes[SIZE_TITLE];
    int left = mark * 4 / 3;
    int right = response_width(build, &response);
    bool beside = right > 0 && right + left < area.width * 45 / 100;
    int width = area.width - left - (beside ? right + build->gap : 0);
    event.size_px = page_text_fit(build, event, width, mark * 130 / 100, mark,
                                  build->sizes[SIZE_LEGAL]);
    if (event.size_px == 0)
        event.size_px = build->sizes[SIZE_LEGAL];
    int height = page_text_height(build, &event, width);
    struct rect shape = {
        area.x, area.y + (event.size_px * 130 / 100 - mark) / 2, mark, mark};
    if (shape.y < area.y)
        shape.y = area.y;
    page_put_level_shape(build, shape);
    page_put_text(build, &event, area.x + left, area.y, width);
    int box = response.size_px * 3 / 2;
    narrow_from_top(build, height > mark ? height : mark);
    if (beside) {
        put_response(build, &response, area.x + area.width - right,
                     shape.y + (mark - box) / 2, box);
    } else if (right > 0) {
        put_response(build, &response, area.x, build->area.y + build->gap / 2,
                     box);
        narrow_from_top(build, box + build->gap / 2);
    }
    narrow_from_top(build, build->gap);
}

static void alert_header(struct page_build *build)
{
    page_put_drill_mark(build, build->message->alert.status);
    put_event(build);
}

struct facts {
    struct alert_fact rows[ALERT_FACTS];
    size_t count;
    int size_px;
    int label_px; /* column of the labels */
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
    struct facts facts = {.size_px = size_px};
    facts.count = page_alert_facts(build, facts.rows);
    for (size_t i = 0; i < facts.count; i++) {
        struct page_text label = fact_text(build, &facts, facts.rows[i].label,
                                           TYPE_SANS);
        int width = page_run_px(build, &label) + size_px;
        if (width > facts.label_px)
            facts.label_px = width;
    }
    return facts;
}

static int facts_height(struct page_build *build, const struct facts *facts)
{
    int height = 0;
    for (size_t i = 0; i < facts->count; i++) {
        struct page_text text = fact_text(build, facts, facts->rows[i].text,
                                          TYPE_SANS_BOLD);
        height += page_text_height(build, &text,
                                   build->area.width - facts->label_px);
    }
    return height;
}

static int put_facts(struct page_build *build, const struct facts *facts, int y)
{
    int x = build->area.x;
    int width = build->area.width - facts->label_px;
    for (size_t i = 0; i < facts->count; i++) {
        struct page_text label = fact_text(build, facts, facts->rows[i].label,
                                           TYPE_SANS);
        struct page_text text = fact_text(build, facts, facts->rows[i].text,
                                          TYPE_SANS_BOLD);
        page_put_text(build, &label, x, y, facts->label_px);
        page_with_previous(build);
        y += page_put_text(build, &text, x + facts->label_px, y, width);
    }
    return y;
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
    if (size < build->sizes[SIZE_TITLE] && facts->count > 0)
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

static void flow_more_text(struct page_build *build, const char *words,
                           enum type_role role, enum page_size size)
{
    struct page_text text = {.text = words,
                             .role = role,
                             .size_px = build->sizes[size],
                             .colour = build->text,
                             .leading_percent = 145};
    if (words[0] == '\0')
        return;
    page_skip(build, build->gap / 2);
    page_flow_text(build, &text);
}

static void flow_code(struct page_build *build)
{
    int side = build->area.height * CODE_PERCENT / 100;
    if (build->message->alert.web[0] == '\0')
        return;
    page_skip(build, build->gap);
    if (side > page_room(build))
        page_open(build);
    int drawn = page_put_code(build, build->message->alert.web, build->area.x,
                              build->y, side);
    if (drawn > 0)
        page_take(build, drawn);
    else
        flow_more_text(build, build->message->alert.web, TYPE_SANS, SIZE_LEGAL);
}

/* What happened, after what to do. */
static void flow_more(struct page_build *build)
{
    const struct alert *alert = &build->message->alert;
    if (alert->headline[0] == '\0' && alert->description[0] == '\0' &&
        alert->headline_en[0] == '\0' && alert->event_en[0] == '\0' &&
        alert->web[0] == '\0')
        return;
    page_open(build);
    flow_more_text(build, alert->headline, TYPE_SANS_BOLD, SIZE_BODY);
    flow_more_text(build, alert->description, TYPE_SANS, SIZE_BODY);
    flow_more_text(build, alert->event_en, TYPE_SANS_BOLD, SIZE_LEGAL);
    flow_more_text(build, alert->headline_en, TYPE_SANS, SIZE_LEGAL);
    flow_code(build);
}

void page_template_alert(struct page_build *build)
{
    page_alert_colours(build);
    build->header = alert_header;
    page_open(build);
    struct facts facts = make_facts(build, build->sizes[SIZE_BODY]);
    if (facts_height(build, &facts) > build->area.height * 45 / 100)
        facts = make_facts(build, build->sizes[SIZE_LEGAL]);
    if (build->message->alert.instruction[0] == '\0') {
        flow_more(build);
        flow_facts(build, &facts);
        return;
    }
    /* Facts stand at the bottom, where settling would push them out. */
    build->y = build->area.y + build->area.height;
    if (!put_with_facts(build, &facts)) {
        build->y = build->area.y;
        flow_instruction(build);
        page_open(build);
        flow_facts(build, &facts);
    }
    flow_more(build);
}
