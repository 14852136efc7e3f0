/* Chooses where the lines end: the cheapest way through a paragraph, looking
 * back over a few breaks for body text and over all of them for titles. */
#include "display/core/typeset/typeset_chooser.h"

#include <stdlib.h>

enum {
    WINDOW = 8,        /* breaks tried for each line of body text */
    TITLE_CELLS = 512, /* up to here a title tries all breaks */
};

/* Tries the last breaks that fit, links lead from each to the one before.
 * *filled says whether one of them leaves no great hole. */
static uint32_t try_breaks(struct line_chooser *chooser, uint32_t from,
                           const uint32_t *links, bool *filled)
{
    uint32_t tried = 0;

    /* One past far: the first link leads to far itself or below it. */
    for (uint32_t at = links[chooser->far + 1];
         at > from && tried < chooser->window; at = links[at]) {
        bool fits;
        int64_t slack = line_slack(chooser, from, at, &fits);
        if (!fits)
            continue;
        line_try(chooser, from, at, slack);
        tried++;
        if (slack < chooser->measure / 4 || at == chooser->to)
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

    if (!filled || chooser->text->style->balanced)
        tried += try_breaks(chooser, from, chooser->reluctant, &filled);
    if (tried > 0)
        return;
    /* A single grapheme is wider than the measure: it stands alone. */
    uint32_t to = from + 1;
    while (to < chooser->to && chooser->levels[to] == LINE_BREAK_INSIDE)
        to++;
    line_try(chooser, from, to, 0);
}

/* No line ends within the white space that opens a paragraph. */
static void close_indent(struct line_chooser *chooser)
{
    uint32_t ink = chooser->text->next_solid[chooser->from];

    for (uint32_t at = chooser->from + 1; at <= ink && at < chooser->to; at++)
        chooser->levels[at] = LINE_BREAK_INSIDE;
}

/* A run that no line can hold will be broken in any case: its inner breaks
 * of this level then count like others, so that it need not begin a line. */
static void open_long_runs(struct line_chooser *chooser, enum line_break level)
{
    uint32_t run = chooser->from;

    for (uint32_t at = chooser->from + 1; at <= chooser->to; at++) {
        if (chooser->levels[at] < LINE_BREAK_ALLOWED)
            continue;
        bool fits;
        line_slack(chooser, run, at, &fits);
        for (uint32_t inner = run + 1; !fits && inner < at; inner++) {
            if (chooser->levels[inner] == level)
                chooser->levels[inner] = LINE_BREAK_ALLOWED;
        }
        run = at;
    }
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
    for (int level = LINE_BREAK_RELUCTANT; level > LINE_BREAK_INSIDE; level--)
        open_long_runs(chooser, (enum line_break)level);
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
    chooser->nodes[chooser->to] = (struct line_node){
        .cost.lines = 1, .from = chooser->from, .reached = true};
    return true;
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
    size_t count = (size_t)chooser->nodes[chooser->to].cost.lines;
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

bool typeset_choose_lines(const struct typeset_text *text, int64_t measure,
                          struct typeset_span **out, size_t *count)
{
    size_t room = text->count + 2;
    struct line_chooser chooser = {.text = text, .measure = measure};
    struct typeset_span *spans = malloc(room * sizeof *spans);

    chooser.nodes = calloc(room,
                           sizeof *chooser.nodes + 2 * sizeof(uint32_t) + 1);
    if (!spans || !chooser.nodes) {
        free(spans);
        free(chooser.nodes);
        return false;
    }
    chooser.allowed = (uint32_t *)(chooser.nodes + room);
    chooser.reluctant = chooser.allowed + room;
    chooser.levels = (uint8_t *)(chooser.reluctant + room);
    *count = choose_all(&chooser, spans);
    *out = spans;
    free(chooser.nodes);
    return true;
}
