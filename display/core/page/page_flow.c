/* A text flows over pages in pieces: each ends where the sense allows it. */
#include "display/core/page/page_build.h"

#include "display/core/typeset/clause.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char mark[] = "…";
enum {
    MARK_BYTES = sizeof mark - 1,
    /* An end that is better than another may come so much earlier. */
    EARLIER_PARTS = 2,
    /* A last page is filled at least to this part. */
    WIDOW_PARTS = 3,
    /* A clause that is too long for a page is tried so much smaller. */
    SHRINK_PERCENT = 94,
    /* No character is narrower than this part of the em, or has more bytes. */
    NARROW_PARTS = 5,
    CHARACTER_BYTES = 4,
    RETRIES = 8,
};

/* What of a text is still to be set. */
struct flow {
    struct page_build *build;
    struct page_text style; /* its text is the piece */
    const char *text;
    struct clauses clauses;
    size_t clause;              /* that goes on */
    uint32_t at;                /* and where */
    bool balanced;              /* of the style as it was given */
    bool broken;                /* the piece goes on within a clause */
    struct clause_range repeat; /* and says this again */
    char *piece;
    int page_px; /* height of a whole page */
};

/* What is set next: up to `to`. */
struct piece {
    uint32_t to;
    bool broken; /* ends within a clause, and says so */
    int height_px;
    int line_px; /* of whole_lines */
};

static bool flow_init(struct flow *flow, struct page_build *build,
                      const struct page_text *text, int page_px)
{
    size_t bytes = strlen(text->text);
    *flow = (struct flow){
        .build = build, .style = *text, .text = text->text, .page_px = page_px};
    flow->balanced = text->balanced;
    /* The text, marks at both ends, and a negation said again. */
    flow->piece = malloc(2 * bytes + 2 * MARK_BYTES + 2);
    if (flow->piece != NULL && clauses_find(text->text, bytes, &flow->clauses))
        return true;
    free(flow->piece);
    build->failed = true;
    return false;
}

static void flow_finish(struct flow *flow)
{
    clauses_finish(&flow->clauses);
    free(flow->piece);
}

static bool is_done(const struct flow *flow)
{
    return flow->build->failed || flow->clause >= flow->clauses.count;
}

static const struct clause *last_clause(const struct flow *flow)
{
    return &flow->clauses.items[flow->clauses.count - 1];
}

/* Writes the piece up to `to`; returns how many bytes are no part of the
 * text before it. */
static size_t write_piece(struct flow *flow, uint32_t to, bool broken)
{
    struct clause_range word = flow->repeat;
    size_t bytes = word.to - word.from, lead = 0;
    if (flow->broken) {
        bool latin = bytes > 0 && (unsigned char)flow->text[word.from] < 0x80;
        memcpy(flow->piece, flow->text + word.from, bytes);
        memcpy(flow->piece + bytes, mark, MARK_BYTES);
        lead = bytes + MARK_BYTES;
        if (latin)
            flow->piece[lead++] = ' ';
    }
    size_t length = to - flow->at;
    memcpy(flow->piece + lead, flow->text + flow->at, length);
    while (length > 0 && broken && flow->piece[lead + length - 1] == ' ')
        length--;
    strcpy(flow->piece + lead + length, broken ? mark : "");
    flow->style.text = flow->piece;
    return lead;
}

/* The lines of the piece up to `to`. */
static struct page_lines lines_to(struct flow *flow, uint32_t to, bool broken,
                                  int most, uint32_t *end)
{
    size_t lead = write_piece(flow, to, broken);
    struct page_lines lines = page_text_lines(flow->build, &flow->style,
                                              flow->build->area.width, most);
    *end = flow->at;
    if (lines.end_bytes > lead)
        *end += (uint32_t)(lines.end_bytes - lead);
    return lines;
}

static int line_px(struct flow *flow)
{
    struct page_text one = flow->style;
    one.text = mark;
    return page_text_height(flow->build, &one, flow->build->area.width);
}

/* The end of a clause that so many lines surely do not reach behind. */
static uint32_t far_end(const struct flow *flow, int lines)
{
    int characters = flow->build->area.width / flow->style.size_px + 2;
    size_t most = (size_t)lines * (size_t)characters * NARROW_PARTS *
                  CHARACTER_BYTES;
    size_t i = flow->clause;
    while (i + 1 < flow->clauses.count &&
           flow->clauses.items[i].text.to - flow->at < most)
        i++;
    return flow->clauses.items[i].text.to;
}

/* The best end of a clause up to `limit`, but not the text's own; 0: none. */
static uint32_t choose_end(const struct flow *flow, uint32_t limit, bool open)
{
    uint32_t best[CLAUSE_END_PARAGRAPH + 1] = {0};
    uint32_t end = 0;
    for (size_t i = flow->clause; i + 1 < flow->clauses.count; i++) {
        const struct clause *clause = &flow->clauses.items[i];
        if (clause->text.to > limit)
            break;
        for (int rank = 0; rank <= clause->end; rank++)
            best[rank] = clause->text.to;
    }
    if (best[CLAUSE_END_LIST] == 0)
        return open ? best[CLAUSE_END_OPEN] : 0;
    for (int rank = CLAUSE_END_LIST; rank <= CLAUSE_END_SENTENCE; rank++) {
        if (best[rank] > 0 && (best[rank] - flow->at) * EARLIER_PARTS >=
                                  best[CLAUSE_END_LIST] - flow->at)
            end = best[rank];
    }
    return end;
}

/* Lines of this page so that the next, which is the last, is no widow. */
static int balanced_lines(const struct flow *flow, struct page_lines all,
                          int room)
{
    int page = flow->page_px / all.line_px;
    int tail = (flow->style.tail_px + all.line_px - 1) / all.line_px;
    int least = page / WIDOW_PARTS - tail;
    least = least > 1 ? least : 1;
    bool next_is_last = all.count + tail <= room + page;
    int lines = all.count - least;
    return next_is_last && lines < room && lines >= page / WIDOW_PARTS ? lines
                                                                       : room;
}

static struct piece whole_lines(struct flow *flow, uint32_t to)
{
    uint32_t end;
    struct page_lines lines = lines_to(flow, to, false, 1, &end);
    return (struct piece){to, false, lines.height_px, lines.line_px};
}

/* A mark there is not read as a part of an address or a number. */
static bool takes_mark(const struct flow *flow, uint32_t at)
{
    const char *text = flow->text + at;
    if (strncmp(text, mark, MARK_BYTES) == 0)
        return false;
    bool begins = (unsigned char)*text >= 0x80 || *text == ' ';
    return begins || (unsigned char)text[-1] >= 0x80 || text[-1] == ' ';
}

/* Up to where the lines end, or, so that a mark has room, somewhat earlier;
 * without one where the lines end in an address or a number. */
static struct piece end_of_lines(struct flow *flow, uint32_t limit, int lines)
{
    const struct clause *clause = &flow->clauses.items[flow->clause];
    bool marked = limit < clause->text.to && takes_mark(flow, limit);
    for (uint32_t to = limit; marked && to > flow->at; to--) {
        uint32_t end;
        bool within = ((unsigned char)flow->text[to] & 0xC0) == 0x80;
        if (within || !takes_mark(flow, to))
            continue;
        struct page_lines part = lines_to(flow, to, true, lines, &end);
        if (part.count <= lines)
            return (struct piece){to, true, part.height_px, part.line_px};
    }
    return whole_lines(flow, limit);
}

/* 0: there is none, or no memory. */
static uint32_t break_before(struct flow *flow, const struct clause *clause,
                             uint32_t most)
{
    const struct line_breaks *breaks = typeset_cache_breaks(
        flow->build->set->texts, flow->text + clause->text.from,
        clause->text.to - clause->text.from);
    flow->build->failed = flow->build->failed || breaks == NULL;
    return breaks == NULL
               ? 0
               : clause_break(flow->text, clause, breaks, flow->at, most);
}

/* Of a clause that no page holds at the legal size: as much as `lines` bear.
 * An address or a number without a place to break is broken without a mark,
 * which would be read as a part of it. */
static struct piece part_of_clause(struct flow *flow, int lines)
{
    const struct clause *clause = &flow->clauses.items[flow->clause];
    uint32_t limit, end;
    struct page_lines all = lines_to(flow, clause->text.to, false, lines,
                                     &limit);
    if (clause == last_clause(flow) && all.count > lines) {
        lines = balanced_lines(flow, all, lines);
        lines_to(flow, clause->text.to, false, lines, &limit);
    }
    uint32_t to = limit;
    /* The space at a line's end is none of what it bears. */
    while (to < clause->text.to && flow->text[to] == ' ')
        to++;
    do {
        to = break_before(flow, clause, to);
        struct page_lines part = {0};
        if (to > 0)
            part = lines_to(flow, to, true, lines, &end);
        if (to > 0 && part.count <= lines)
            return (struct piece){to, true, part.height_px, part.line_px};
    } while (to > 0 && to-- > 1);
    if (limit == flow->at && flow->style.balanced) {
        /* Even lines may leave what is said again alone on the first. */
        flow->style.balanced = false;
        return part_of_clause(flow, lines);
    }
    if (limit == flow->at) {
        /* No room for anything beside what is said again. */
        flow->broken = false;
        lines_to(flow, clause->text.to, false, lines, &limit);
    }
    limit = limit > flow->at ? limit : clause->text.to;
    /* Without what comes after it, the part may have other lines. */
    for (int i = 0; i < RETRIES; i++) {
        all = lines_to(flow, limit, false, lines, &end);
        if (all.count <= lines || end <= flow->at)
            break;
        limit = end;
    }
    return end_of_lines(flow, limit, lines);
}

/* Whether the clause that goes on fits into so many lines at a smaller size,
 * the largest that is legal. */
static bool shrink(struct flow *flow, int room_px)
{
    int legal = flow->build->sizes[SIZE_LEGAL];
    const struct clause *clause = &flow->clauses.items[flow->clause];
    while (flow->style.size_px > legal) {
        int size = flow->style.size_px * SHRINK_PERCENT / 100;
        flow->style.size_px = size > legal ? size : legal;
        if (whole_lines(flow, clause->text.to).height_px <= room_px)
            return true;
    }
    return false;
}

static struct piece next_piece(struct flow *flow, int room_px, bool fresh);

/* What goes into a room of so many lines next. */
static struct piece piece_of_lines(struct flow *flow, int room, int room_px,
                                   bool fresh)
{
    const uint32_t text_end = last_clause(flow)->text.to;
    int line = line_px(flow);
    uint32_t far = far_end(flow, room + flow->page_px / (line > 0 ? line : 1));
    uint32_t limit;
    struct page_lines all = lines_to(flow, far, false, room, &limit);
    if (flow->build->failed)
        return (struct piece){0};
    /* Stacked letters make higher lines than the mark does. */
    if (room > 1 && all.line_px > line && room * all.line_px > room_px) {
        int fewer = room_px / all.line_px;
        fewer = fewer < room ? fewer : room - 1;
        return piece_of_lines(flow, fewer > 1 ? fewer : 1, room_px, fresh);
    }
    bool last = far == text_end;
    bool alone = flow->clause + 1 == flow->clauses.count;
    if (last && all.count <= room &&
        (all.height_px + flow->style.tail_px <= room_px || (fresh && alone)))
        return (struct piece){text_end, false, all.height_px, all.line_px};
    uint32_t end = 0;
    int balanced = last ? balanced_lines(flow, all, room) : room;
    if (balanced < room) {
        uint32_t less;
        lines_to(flow, far, false, balanced, &less);
        end = choose_end(flow, less, false);
    }
    if (end == 0)
        end = choose_end(flow, limit, fresh);
    if (end > 0)
        return whole_lines(flow, end);
    if (!fresh)
        return (struct piece){0};
    if (shrink(flow, room_px))
        return next_piece(flow, room_px, fresh);
    const struct clause *clause = &flow->clauses.items[flow->clause];
    int high = whole_lines(flow, clause->text.to).line_px;
    high = high > line_px(flow) ? high : line_px(flow);
    return part_of_clause(flow, room_px >= high ? room_px / high : 1);
}

/* What goes into this room next; height 0: the next page's. */
static struct piece next_piece(struct flow *flow, int room_px, bool fresh)
{
    int line = line_px(flow);
    int room = line > 0 ? room_px / line : 0;
    struct piece piece = {0};
    if (room < 1 && !fresh)
        return piece;
    /* Gaps between paragraphs take room as well. */
    for (room = room < 1 ? 1 : room; room > 0; room--) {
        piece = piece_of_lines(flow, room, room_px, fresh);
        if (piece.height_px <= room_px || flow->style.paragraph_gap_px == 0)
            break;
    }
    return piece;
}

/* The text goes on behind the piece. White space at a page's start is an
 * indent where a paragraph begins there. */
static void move_on(struct flow *flow, struct piece piece)
{
    const char *text = flow->text;
    const struct clause *clause = &flow->clauses.items[flow->clause];
    uint32_t at = piece.to;
    bool paragraph = false;
    static const char wide[] = "\u3000";
    for (;; at++) {
        bool indent = strncmp(text + at, wide, sizeof wide - 1) == 0;
        if (indent && paragraph)
            break;
        at += indent ? (uint32_t)sizeof wide - 2 : 0;
        if (!indent && text[at] != ' ' && text[at] != '\n')
            break;
        paragraph = paragraph || text[at] == '\n';
    }
    flow->repeat = (struct clause_range){0, 0};
    if (piece.to < clause->text.to && piece.to > clause->text.from)
        flow->repeat = clause_repeats(text, clause, at);
    flow->broken = piece.broken || flow->repeat.to > flow->repeat.from;
    flow->at = at;
    flow->style.balanced = flow->balanced;
    while (flow->clause < flow->clauses.count &&
           flow->clauses.items[flow->clause].text.to <= piece.to)
        flow->clause++;
}

static void put_piece(struct flow *flow, struct piece piece)
{
    struct page_build *build = flow->build;
    write_piece(flow, piece.to, piece.broken);
    int y = page_take(build, piece.height_px);
    page_put_text(build, &flow->style, build->area.x, y, build->area.width);
}

/* A page that is filled: what is still to be set before it, and its piece. */
struct step {
    struct flow flow;
    struct piece piece; /* height 0: none has room on it */
    int room_px;
};

struct steps {
    struct step *items;
    size_t count, room;
};

static bool add_step(struct steps *steps, const struct step *step)
{
    if (steps->count == steps->room) {
        size_t room = steps->room * 2 + 8;
        struct step *items = realloc(steps->items, room * sizeof *items);
        if (items == NULL)
            return false;
        steps->items = items;
        steps->room = room;
    }
    steps->items[steps->count++] = *step;
    return true;
}

/* Of a page: what stands on it and, of the last, below it. */
static int step_px(const struct steps *steps, size_t index)
{
    const struct step *step = &steps->items[index];
    int tail = index + 1 == steps->count ? step->flow.style.tail_px : 0;
    return step->piece.height_px + tail;
}

/* Whether so many lines, from the first to the last base line, are less than a
 * third of what a page has under the base line of its header. */
static bool is_widow(const struct step *step, int height_px)
{
    const struct page_build *build = step->flow.build;
    const struct page_text *style = &step->flow.style;
    int leading = style->leading_percent > 0 ? style->leading_percent
                                             : build->leading_percent;
    int ink = height_px - style->size_px * (leading - 100) / 100;
    int page = step->room_px + build->mark_px + build->gap + style->size_px / 2;
    return ink * WIDOW_PARTS < page;
}

/* Tries to end the page before at `end`, and to begin this one there. */
static bool move_end(struct steps *steps, size_t index, uint32_t end)
{
    struct step first = steps->items[index - 1], next = steps->items[index];
    first.piece = whole_lines(&first.flow, end);
    if (is_widow(&first, first.piece.height_px))
        return false;
    int tail = step_px(steps, index) - next.piece.height_px;
    next.flow = first.flow;
    move_on(&next.flow, first.piece);
    next.piece = whole_lines(&next.flow, next.piece.to);
    if (next.piece.height_px + tail > next.room_px ||
        is_widow(&next, next.piece.height_px + tail))
        return false;
    steps->items[index - 1] = first;
    steps->items[index] = next;
    return true;
}

/* Tries to put all of the page on the one before. */
static bool join_pages(struct steps *steps, size_t index)
{
    struct step *first = &steps->items[index - 1];
    struct piece both = whole_lines(&first->flow, steps->items[index].piece.to);
    int tail = index + 1 == steps->count ? first->flow.style.tail_px : 0;
    if (both.height_px + tail > first->room_px)
        return false;
    first->piece = both;
    memmove(first + 1, first + 2, (steps->count - index - 1) * sizeof *first);
    steps->count--;
    return true;
}

/* A page that is nearly empty goes to the page before, or begins earlier, where
 * the page before it keeps enough and ends behind a sentence. */
static void fill_page(struct steps *steps, size_t index)
{
    const struct step *first = &steps->items[index - 1];
    const struct step *next = &steps->items[index];
    const struct clauses *clauses = &first->flow.clauses;
    if (!is_widow(next, step_px(steps, index)) || first->piece.height_px == 0 ||
        first->piece.broken || next->piece.broken || next->flow.broken ||
        first->flow.style.size_px != next->flow.style.size_px ||
        join_pages(steps, index))
        return;
    size_t from = first->flow.clause, to = next->flow.clause;
    for (size_t i = to; i-- > from + 1;) {
        const struct clause *clause = &clauses->items[i - 1];
        if (clause->end >= CLAUSE_END_SENTENCE &&
            move_end(steps, index, clause->text.to))
            return;
    }
}

/* Fills pages with the rest of the text, the first with what is left of it. */
static void make_steps(struct flow *flow, int room_px, bool fresh,
                       struct steps *steps)
{
    while (!is_done(flow)) {
        struct step step = {.room_px = room_px};
        step.piece = next_piece(flow, room_px, fresh);
        step.flow = *flow;
        if (!add_step(steps, &step)) {
            flow->build->failed = true;
            return;
        }
        if (step.piece.height_px > 0 || fresh)
            move_on(flow, step.piece);
        room_px = flow->page_px;
        fresh = true;
    }
    for (size_t i = steps->count; i-- > 1 && !flow->build->failed;)
        fill_page(steps, i);
}

void page_flow_text(struct page_build *build, const struct page_text *text)
{
    struct flow flow;
    struct steps steps = {0};
    int page_px = build->later_px > 0 ? build->later_px : build->area.height;
    if (build->failed || !flow_init(&flow, build, text, page_px))
        return;
    make_steps(&flow, page_room(build), build->y == build->area.y, &steps);
    for (size_t i = 0; i < steps.count && !build->failed; i++) {
        if (i > 0)
            page_open(build);
        if (steps.items[i].piece.height_px > 0)
            put_piece(&steps.items[i].flow, steps.items[i].piece);
    }
    free(steps.items);
    flow_finish(&flow);
}

int page_extent_px(const struct page_extent *extent)
{
    return extent->pages > 1 && extent->later_px > 0 ? extent->later_px
                                                     : extent->page_px;
}

void page_extend(struct page_build *build, const struct page_text *text,
                 struct page_extent *extent)
{
    struct flow flow;
    struct steps steps = {0};
    int page_px = extent->later_px > 0 ? extent->later_px : extent->page_px;
    if (build->failed || !flow_init(&flow, build, text, page_px))
        return;
    make_steps(&flow, page_extent_px(extent) - extent->used_px,
               extent->used_px == 0, &steps);
    if (steps.count > 0) {
        const struct step *last = &steps.items[steps.count - 1];
        int before = steps.count > 1 ? 0 : extent->used_px;
        extent->pages += (int)steps.count - 1;
        extent->used_px = before + last->piece.height_px;
    }
    free(steps.items);
    flow_finish(&flow);
}

static struct page_extent measured(struct page_build *build,
                                   page_measure *measure, int room_px,
                                   int size_px)
{
    int page = build->area.height;
    struct page_extent extent = {1, page, page - room_px, 0};
    measure(build, size_px, &extent);
    return extent;
}

/* The largest size up to that of the body at which it takes no more pages; the
 * smallest does. */
static int largest_size(struct page_build *build, page_measure *measure,
                        int room_px, int pages)
{
    int low = build->sizes[SIZE_LEGAL];
    int high = build->sizes[SIZE_BODY];
    int best = low;
    while (low <= high) {
        int middle = low + (high - low) / 2;
        if (measured(build, measure, room_px, middle).pages <= pages) {
            best = middle;
            low = middle + 1;
        } else {
            high = middle - 1;
        }
    }
    return best;
}

int page_flow_size(struct page_build *build, page_measure *measure, int room_px)
{
    int legal = build->sizes[SIZE_LEGAL], body = build->sizes[SIZE_BODY];
    struct page_extent large = measured(build, measure, room_px, body);
    if (large.pages == 1)
        return body;
    int least = measured(build, measure, room_px, legal).pages;
    if (least == 1)
        return largest_size(build, measure, room_px, 1);
    if (least < large.pages && large.used_px < build->area.height / WIDOW_PARTS)
        return largest_size(build, measure, room_px, large.pages - 1);
    return body;
}
