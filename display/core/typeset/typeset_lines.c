/* Chooses where the lines end: the cheapest way through a paragraph, looking
 * back over a few breaks for body text and over all of them for titles. Broken
 * rules cost most, then a last line of one character, then a line with a hole
 * that the next unit would fill, then how uneven and how ill-parted the lines
 * are. Their number is a small part of that; in a narrow column it outweighs
 * the rest. */
#include "display/core/typeset/typeset_lines.h"

#include <stdlib.h>
#include <string.h>

/* Compared in this order. */
struct line_cost {
    int64_t rank; /* sum of RANK_… */
    int64_t badness;
};

/* What counts more than any badness: a line of body that the next unit would
 * fill, an end in a line of one character, a broken rule. Each is more than all
 * of the one before that a paragraph can have. */
#define RANK_HOLE INT64_C(1)
#define RANK_SINGLE (INT64_C(1) << 32)
#define RANK_VIOLATION (INT64_C(1) << 33)

/* The end of a line, and the cheapest way there. */
struct line_node {
    struct line_cost cost;
    /* What every line that ends here has in common: the text up to its last
     * visible cell, the blank half of a mark at the edge taken off, and what a
     * line costs that is neither squeezed nor short. */
    int64_t width, give;
    struct line_cost own;
    uint32_t solid; /* behind its last visible cell; 0: none */
    uint32_t from;  /* where the line that ends here begins */
    uint32_t lines; /* of the paragraph up to here */
    bool reached;
};

struct line_chooser {
    const struct typeset_text *text;
    int64_t measure;
    uint32_t from, to; /* the paragraph */
    uint32_t indent;
    uint32_t window;
    bool narrow;             /* so few ems that no line can be even */
    bool hesitates;          /* some breaks of it are reluctant */
    uint32_t far;            /* no line from here ends behind it */
    struct line_node *nodes; /* one for each end of a cell */
    uint8_t *levels;         /* of the break before a cell */
    uint32_t *allowed;       /* the break before that is allowed */
    uint32_t *reluctant;     /* the same with reluctant ones */
};

enum {
    /* Costs; a slack of a tenth of the measure costs 10000. */
    COST_LINE = 40000,              /* each line */
    COST_NARROW_LINE = 10000000,    /* in a narrow column: more than all else */
    COST_SQUEEZE = 200,             /* for touching the marks at all */
    COST_LOOSE = 50000,             /* too much slack to justify */
    COST_PART = 40000,              /* an address or a name at a joint */
    COST_RELUCTANT = 60000,         /* a date or a short quotation in two */
    COST_QUOTATION_SPLIT = 1500000, /* one of a title */
    COST_PHRASE_SPLIT = 60000,    /* a title's line that ends within a phrase */
    COST_COMPOUND_SPLIT = 160000, /* … between words that belong together */
    COST_WORD_SPLIT = 2000000, /* … within a word: more than an empty line */
    SQUEEZE_SHARE = 40,        /* all that can be squeezed costs 25000 */
    STRETCH_SHARE = 20,        /* all that can be widened costs 50000 */
};

static bool is_cheaper(const struct line_cost *a, const struct line_cost *b)
{
    return a->rank != b->rank ? a->rank < b->rank : a->badness < b->badness;
}

/* The paragraph's end is a good place. */
static enum line_break line_break_before(const struct line_chooser *chooser,
                                         uint32_t at)
{
    if (at == chooser->to)
        return LINE_BREAK_ALLOWED;
    return chooser->text->cells[at - 1].after;
}

static struct typeset_span line_span(const struct line_chooser *chooser,
                                     uint32_t from, uint32_t to)
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

/* A joint is a place for a line's end only in a run that no line can hold. */
static int64_t break_cost(const struct line_chooser *chooser,
                          enum line_break level)
{
    switch (level) {
    case LINE_BREAK_PART:
        return COST_PART;
    case LINE_BREAK_RELUCTANT:
        return chooser->text->style->balanced ? COST_QUOTATION_SPLIT
                                              : COST_RELUCTANT;
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
    case TYPESET_END_COMPOUND:
        return COST_COMPOUND_SPLIT;
    case TYPESET_END_JOINT:
        return COST_WORD_SPLIT / 2;
    default:
        return COST_WORD_SPLIT;
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

/* Of every line that ends there. */
static int64_t end_badness(const struct line_chooser *chooser, uint32_t end)
{
    int64_t badness = (chooser->narrow ? COST_NARROW_LINE : COST_LINE) +
                      break_cost(chooser, line_break_before(chooser, end));

    return chooser->text->style->balanced ? badness + title_cost(chooser, end)
                                          : badness;
}

/* What is added for a line that is not just full; never less than 0. */
static int64_t fill_badness(const struct line_chooser *chooser,
                            struct typeset_span span, int64_t slack)
{
    const struct typeset_style *style = chooser->text->style;

    if (slack < 0)
        return squeeze_cost(chooser, span, -slack);
    if (span.ends_paragraph && !style->balanced)
        return 0;
    int64_t badness = slack_cost(chooser, slack);
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

/* Lets a line from … to end at to, if that is the cheapest way there. A line
 * makes no way cheaper: where the way to its start costs too much already, it
 * is not looked at. */
static void line_try(struct line_chooser *chooser, uint32_t from, uint32_t to,
                     int64_t slack, bool hole)
{
    struct line_node *node = &chooser->nodes[to];
    struct typeset_span span = line_span(chooser, from, to);
    struct line_cost cost = chooser->nodes[from].cost;

    cost.rank += node->own.rank + (hole ? RANK_HOLE : 0) +
                 (is_single(chooser, span) ? RANK_SINGLE : 0);
    cost.badness += node->own.badness;
    if (node->reached && !is_cheaper(&cost, &node->cost))
        return;
    cost.badness += fill_badness(chooser, span, slack);
    if (node->reached && !is_cheaper(&cost, &node->cost))
        return;
    node->cost = cost;
    node->from = from;
    node->lines = chooser->nodes[from].lines + 1;
    node->reached = true;
}

/* What a line from … to leaves of the measure; negative: it is too full.
 * *fits says whether squeezing helps. */
static int64_t line_slack(const struct line_chooser *chooser, uint32_t from,
                          uint32_t to, bool *fits)
{
    struct typeset_span span = line_span(chooser, from, to);
    int64_t slack = chooser->measure - typeset_span_width(chooser->text, span);

    *fits = slack + typeset_span_give(chooser->text, span) >= 0;
    return slack;
}

/* A line's start, for all its ends: what line_slack would add up anew. */
struct line_start {
    uint32_t from, first; /* first: its first visible cell */
    int64_t width, give;  /* of the text before it, edges taken off */
};

static struct line_start line_start(const struct line_chooser *chooser,
                                    uint32_t from)
{
    const struct typeset_text *text = chooser->text;
    struct line_start start = {.from = from, .first = text->next_solid[from]};

    if (start.first >= text->count)
        return start;
    const struct typeset_cell *first = &text->cells[start.first];
    uint32_t indent = from == chooser->from ? chooser->indent : 0;
    start.width = text->width[start.first] + first->gap +
                  typeset_lead_blank(first) -
                  (text->width[from + indent] - text->width[from]);
    start.give = text->give[start.first + 1];
    return start;
}

/* The same as line_slack. */
static int64_t start_slack(const struct line_chooser *chooser,
                           const struct line_start *start, uint32_t to,
                           bool *fits)
{
    const struct line_node *end = &chooser->nodes[to];

    if (start->first >= end->solid) {
        *fits = chooser->measure >= 0;
        return chooser->measure;
    }
    int64_t slack = chooser->measure - (end->width - start->width);
    *fits = slack + end->give - start->give >= 0;
    return slack;
}

enum {
    WINDOW = 8,        /* breaks tried for each line of body text */
    HOLE_PARTS = 5,    /* more than a fifth of the measure is a hole */
    NARROW_EMS = 6,    /* a column below this holds too little to be even */
    TITLE_CELLS = 512, /* up to here a title tries all breaks */
};

/* Whether body text is set worse where a line ends before that break. The line
 * before the last may give up a character so that the last has two. */
static bool may_fill(const struct line_chooser *chooser, uint32_t next)
{
    const uint32_t *letters = chooser->text->letters;

    return next > 0 && !chooser->text->style->balanced && !chooser->narrow &&
           letters[chooser->to] - letters[next] > 1;
}

/* Tries the last breaks that fit, links lead from each to the one before.
 * *filled says whether one of them leaves no great hole. */
static uint32_t try_breaks(struct line_chooser *chooser, uint32_t from,
                           const uint32_t *links, bool *filled)
{
    const struct line_start start = line_start(chooser, from);
    /* The reluctant ones come after the allowed ones, which a title tries both
     * times. */
    bool again = links == chooser->reluctant && chooser->text->style->balanced;
    uint32_t tried = 0;
    uint32_t next = 0; /* the break tried before, behind this one */

    /* One past far: the first link leads to far itself or below it. */
    for (uint32_t at = links[chooser->far + 1];
         at > from && tried < chooser->window; at = links[at]) {
        bool fits;
        int64_t slack = start_slack(chooser, &start, at, &fits);
        if (!fits)
            continue;
        bool full = slack <= chooser->measure / HOLE_PARTS || at == chooser->to;
        if (!again || chooser->levels[at] < LINE_BREAK_ALLOWED)
            line_try(chooser, from, at, slack,
                     !full && may_fill(chooser, next));
        next = at;
        tried++;
        if (full)
            *filled = true;
    }
    return tried;
}

/* Moves far on to the last end that a line from here could have, with room
 * for what the edges of a line take off. */
static void look_ahead(struct line_chooser *chooser, uint32_t from)
{
    const struct typeset_text *text = chooser->text;
    int64_t edges = 4 * (int64_t)text->style->size_px * TYPE_PIXEL;
    int64_t least = text->width[from] - text->give[from];

    if (chooser->far <= from)
        chooser->far = from + 1;
    while (chooser->far < chooser->to) {
        uint32_t next = chooser->far + 1;
        if (text->width[next] - text->give[next] - least >
            chooser->measure + edges)
            break;
        chooser->far = next;
    }
}

static void try_lines_from(struct line_chooser *chooser, uint32_t from)
{
    bool filled = false;
    uint32_t tried = try_breaks(chooser, from, chooser->allowed, &filled);

    if (chooser->hesitates && (!filled || chooser->text->style->balanced))
        tried += try_breaks(chooser, from, chooser->reluctant, &filled);
    if (tried > 0)
        return;
    /* A single grapheme is wider than the measure: it stands alone. */
    uint32_t to = from + 1;
    while (to < chooser->to && chooser->levels[to] == LINE_BREAK_INSIDE)
        to++;
    line_try(chooser, from, to, 0, false);
}

/* No line ends within the white space that opens a paragraph. */
static void close_indent(struct line_chooser *chooser)
{
    uint32_t ink = chooser->text->next_solid[chooser->from];

    for (uint32_t at = chooser->from + 1; at <= ink && at < chooser->to; at++)
        chooser->levels[at] = LINE_BREAK_INSIDE;
}

/* Whether there is a run that no line can hold; it will be broken in any case.
 * Then its inner breaks of this level count like others, so that it need not
 * begin a line. */
static bool open_long_runs(struct line_chooser *chooser, enum line_break level)
{
    uint32_t run = chooser->from;
    bool any = false;

    for (uint32_t at = chooser->from + 1; at <= chooser->to; at++) {
        if (chooser->levels[at] < LINE_BREAK_ALLOWED)
            continue;
        bool fits = at == run + 1; /* there is nothing to open */
        if (!fits)
            line_slack(chooser, run, at, &fits);
        for (uint32_t inner = run + 1; !fits && inner < at; inner++) {
            if (chooser->levels[inner] == level)
                chooser->levels[inner] = LINE_BREAK_ALLOWED;
        }
        any = any || !fits;
        run = at;
    }
    return any;
}

static void link_breaks(struct line_chooser *chooser, enum line_break level,
                        uint32_t *links)
{
    uint32_t last = chooser->from;

    for (uint32_t at = chooser->from + 1; at <= chooser->to; at++) {
        links[at] = last;
        if (chooser->levels[at] >= level)
            last = at;
    }
    links[chooser->to + 1] = last;
}

static void set_levels(struct line_chooser *chooser)
{
    for (uint32_t at = chooser->from + 1; at <= chooser->to; at++)
        chooser->levels[at] = (uint8_t)line_break_before(chooser, at);
    close_indent(chooser);
    int level = LINE_BREAK_RELUCTANT;
    while (level > LINE_BREAK_INSIDE &&
           open_long_runs(chooser, (enum line_break)level))
        level--;
    chooser->hesitates = memchr(chooser->levels + chooser->from + 1,
                                LINE_BREAK_RELUCTANT,
                                chooser->to - chooser->from);
    link_breaks(chooser, LINE_BREAK_ALLOWED, chooser->allowed);
    link_breaks(chooser, LINE_BREAK_RELUCTANT, chooser->reluctant);
}

/* Ideographic spaces at a paragraph's start are its indent, unless they eat
 * half of the measure. */
static void set_indent(struct line_chooser *chooser, uint32_t start)
{
    const struct typeset_text *text = chooser->text;

    chooser->from = start;
    chooser->indent = 0;
    while (chooser->from < chooser->to &&
           text->cells[chooser->from].kinds & TYPESET_SPACE &&
           text->cells[chooser->from].codepoint != 0x3000)
        chooser->from++;
    uint32_t at = chooser->from;
    while (at < chooser->to && text->cells[at].codepoint == 0x3000)
        at++;
    if (at < chooser->to &&
        text->width[at] - text->width[chooser->from] <= chooser->measure / 2)
        chooser->indent = at - chooser->from;
}

static bool fits_one_line(struct line_chooser *chooser)
{
    bool fits;
    int64_t slack = line_slack(chooser, chooser->from, chooser->to, &fits);

    if (slack < 0)
        return false;
    chooser->nodes[chooser->to] =
        (struct line_node){.from = chooser->from, .lines = 1, .reached = true};
    return true;
}

static void set_node(const struct line_chooser *chooser, uint32_t end)
{
    const struct typeset_text *text = chooser->text;
    uint32_t solid = text->prev_solid[end];
    struct line_node node = {
        .own.rank = RANK_VIOLATION *
                    violation_weight(line_break_before(chooser, end)),
        .own.badness = end_badness(chooser, end),
        .solid = solid,
        .width = text->width[solid],
        .give = text->give[solid],
    };

    if (solid > 0)
        node.width -= typeset_trail_blank(&text->cells[solid - 1]);
    chooser->nodes[end] = node;
}

static void choose_paragraph(struct line_chooser *chooser)
{
    bool title = chooser->text->style->balanced &&
                 chooser->to - chooser->from <= TITLE_CELLS;

    if (fits_one_line(chooser))
        return;
    chooser->window = title ? UINT32_MAX : WINDOW;
    chooser->far = chooser->from;
    set_levels(chooser);
    for (uint32_t at = chooser->from + 1; at <= chooser->to; at++)
        set_node(chooser, at);
    chooser->nodes[chooser->from] = (struct line_node){.reached = true};
    for (uint32_t at = chooser->from; at < chooser->to; at++) {
        if (!chooser->nodes[at].reached)
            continue;
        look_ahead(chooser, at);
        try_lines_from(chooser, at);
    }
}

/* Writes the spans of the chosen way, which is known from its end. */
static size_t write_spans(const struct line_chooser *chooser,
                          struct typeset_span *out)
{
    size_t count = chooser->nodes[chooser->to].lines;
    uint32_t to = chooser->to;

    for (size_t i = count; i-- > 0;) {
        uint32_t from = chooser->nodes[to].from;
        out[i] = line_span(chooser, from, to);
        to = from;
    }
    return count;
}

static size_t find_paragraph_end(const struct typeset_text *text, size_t start)
{
    while (start + 1 < text->count &&
           text->cells[start].after != LINE_BREAK_MANDATORY)
        start++;
    return start + 1;
}

static size_t choose_all(struct line_chooser *chooser,
                         struct typeset_span *spans)
{
    const struct typeset_text *text = chooser->text;
    size_t count = 0;

    for (size_t start = 0; start < text->count;) {
        size_t next = find_paragraph_end(text, start);
        bool newline = text->cells[next - 1].kinds & TYPESET_NEWLINE;
        chooser->to = (uint32_t)(newline ? next - 1 : next);
        if (text->next_solid[start] >= chooser->to) {
            spans[count++] = (struct typeset_span){(uint32_t)start, chooser->to,
                                                   0, true};
        } else {
            set_indent(chooser, (uint32_t)start);
            choose_paragraph(chooser);
            count += write_spans(chooser, spans + count);
        }
        start = next;
    }
    return count;
}

/* One piece of memory for the nodes, the links and the levels. */
static bool make_room(struct typeset_scratch *scratch, size_t room)
{
    if (room <= scratch->room)
        return true;
    typeset_scratch_finish(scratch);
    scratch->spans = malloc(room * sizeof *scratch->spans);
    scratch->nodes =
        malloc(room * (sizeof(struct line_node) + 2 * sizeof(uint32_t) + 1));
    if (!scratch->spans || !scratch->nodes) {
        typeset_scratch_finish(scratch);
        return false;
    }
    scratch->room = room;
    return true;
}

void typeset_scratch_finish(struct typeset_scratch *scratch)
{
    free(scratch->spans);
    free(scratch->nodes);
    *scratch = (struct typeset_scratch){0};
}

bool typeset_choose_lines(const struct typeset_text *text, int64_t measure,
                          struct typeset_scratch *scratch, size_t *count)
{
    size_t room = text->count + 2;
    int64_t narrow = (int64_t)NARROW_EMS * text->style->size_px * TYPE_PIXEL;
    struct line_chooser chooser = {
        .text = text,
        .measure = measure,
        .narrow = measure < narrow,
    };

    if (!make_room(scratch, room))
        return false;
    chooser.nodes = scratch->nodes;
    chooser.allowed = (uint32_t *)(chooser.nodes + room);
    chooser.reluctant = chooser.allowed + room;
    chooser.levels = (uint8_t *)(chooser.reluctant + room);
    *count = choose_all(&chooser, scratch->spans);
    return true;
}
