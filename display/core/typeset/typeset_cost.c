/* What a line costs: broken rules first, then a last line of one character,
 * then the number of lines, then how uneven and how ill-parted they are. */
#include "display/core/typeset/typeset_chooser.h"

enum {
    /* Costs; a slack of a tenth of the measure costs 10000. */
    COST_SQUEEZE = 200,        /* for touching the marks at all */
    COST_LOOSE = 50000,        /* too much slack to justify */
    COST_RELUCTANT = 60000,    /* a date in two */
    COST_WORD_SPLIT = 150000,  /* a title's word in two */
    COST_PHRASE_SPLIT = 60000, /* a title's line that ends within a phrase */
    SQUEEZE_SHARE = 40,        /* all that can be squeezed costs 25000 */
    STRETCH_SHARE = 20,        /* all that can be widened costs 50000 */
};

static bool is_cheaper(const struct line_cost *a, const struct line_cost *b)
{
    if (a->violations != b->violations)
        return a->violations < b->violations;
    if (a->singles != b->singles)
        return a->singles < b->singles;
    if (a->lines != b->lines)
        return a->lines < b->lines;
    return a->badness < b->badness;
}

enum line_break line_break_before(const struct line_chooser *chooser,
                                  uint32_t at)
{
    if (at == chooser->to)
        return LINE_BREAK_ALLOWED;
    return chooser->text->cells[at - 1].after;
}

struct typeset_span line_span(const struct line_chooser *chooser, uint32_t from,
                              uint32_t to)
{
    struct typeset_span span = {
        .from = from,
        .to = to,
        .indent = from == chooser->from ? chooser->indent : 0,
        .ends_paragraph = to == chooser->to,
    };

    return span;
}

static int64_t violation_weight(enum line_break level)
{
    switch (level) {
    case LINE_BREAK_PART:
        return 1;
    case LINE_BREAK_UNIT:
        return 3;
    case LINE_BREAK_SEPARATOR:
        return 5;
    case LINE_BREAK_RESORT:
        return 9;
    case LINE_BREAK_PROHIBITED:
        return 100;
    default:
        return 0;
    }
}

/* Slack or squeeze in thousandths of the measure, squared. */
static int64_t slack_cost(const struct line_chooser *chooser, int64_t slack)
{
    int64_t share = slack * 1000 / chooser->measure;

    return share * share;
}

static int64_t title_cost(const struct line_chooser *chooser, uint32_t end)
{
    if (end == chooser->to)
        return 0;
    switch (typeset_end_before(chooser->text, end)) {
    case TYPESET_END_PHRASE:
        return 0;
    case TYPESET_END_WORD:
        return COST_PHRASE_SPLIT;
    default:
        return COST_PHRASE_SPLIT + COST_WORD_SPLIT;
    }
}

/* Half an em pulls a mark into the line: CLREQ has that first. A line that
 * gives more, and nearly all it can, looks cramped. */
static int64_t squeeze_cost(const struct line_chooser *chooser,
                            struct typeset_span span, int64_t excess)
{
    int64_t half_em = chooser->text->style->size_px * TYPE_PIXEL / 2;
    int64_t cost = COST_SQUEEZE + 2 * slack_cost(chooser, excess);
    int64_t give = typeset_span_give(chooser->text, span);

    if (excess <= half_em || give == 0)
        return cost;
    int64_t share = excess * 1000 / give;
    return cost + share * share / SQUEEZE_SHARE;
}

/* A few gaps that are widened much look worse than many widened a little. */
static int64_t stretch_cost(const struct line_chooser *chooser,
                            struct typeset_span span, int64_t slack)
{
    int64_t limit = typeset_stretch_limit(chooser->text, span);

    if (slack > limit)
        return COST_LOOSE;
    int64_t share = limit > 0 ? slack * 1000 / limit : 0;
    return share * share / STRETCH_SHARE;
}

static int64_t line_badness(const struct line_chooser *chooser,
                            struct typeset_span span, int64_t slack)
{
    const struct typeset_style *style = chooser->text->style;
    enum line_break level = line_break_before(chooser, span.to);
    int64_t badness = level == LINE_BREAK_RELUCTANT ? COST_RELUCTANT : 0;

    if (style->balanced)
        badness += title_cost(chooser, span.to);
    if (slack < 0)
        return badness + squeeze_cost(chooser, span, -slack);
    if (span.ends_paragraph && !style->balanced)
        return badness;
    badness += slack_cost(chooser, slack);
    if (style->align == TYPESET_JUSTIFY && !span.ends_paragraph)
        badness += stretch_cost(chooser, span, slack);
    return badness;
}

static bool is_single(const struct line_chooser *chooser,
                      struct typeset_span span)
{
    const uint32_t *letters = chooser->text->letters;

    return span.ends_paragraph && span.from > chooser->from &&
           letters[span.to] - letters[span.from] <= 1;
}

void line_try(struct line_chooser *chooser, uint32_t from, uint32_t to,
              int64_t slack)
{
    struct line_node *node = &chooser->nodes[to];
    struct typeset_span span = line_span(chooser, from, to);
    struct line_cost cost = chooser->nodes[from].cost;

    cost.violations += violation_weight(line_break_before(chooser, to));
    cost.singles += is_single(chooser, span);
    cost.lines++;
    cost.badness += line_badness(chooser, span, slack);
    if (node->reached && !is_cheaper(&cost, &node->cost))
        return;
    *node = (struct line_node){.cost = cost, .from = from, .reached = true};
}

int64_t line_slack(const struct line_chooser *chooser, uint32_t from,
                   uint32_t to, bool *fits)
{
    struct typeset_span span = line_span(chooser, from, to);
    int64_t slack = chooser->measure - typeset_span_width(chooser->text, span);

    *fits = slack + typeset_span_give(chooser->text, span) >= 0;
    return slack;
}
