/* Follows the texts of a message over the lines of its pages. */
#include "tests/support/page_breaks.h"

#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT_BYTES = 16384, BREAKS_MOST = 2000 };
static const char mark[] = "…";

/* A line without its blanks. */
struct shown_line {
    char *text;
    size_t page;
    int size_px;
};

static void squeeze(const char *text, char out[TEXT_BYTES],
                    uint32_t origin[TEXT_BYTES])
{
    const char *from = text;
    size_t at = 0;
    for (;;) {
        uint32_t start = (uint32_t)(from - text);
        uint32_t c = utf8_next(&from);
        if (c == 0)
            break;
        if (c == ' ' || c == '\n' || c == 0x3000 || c == 0xA0)
            continue;
        assert_true(at + 5 < TEXT_BYTES);
        size_t bytes = utf8_put(c, out + at);
        for (size_t i = 0; i < bytes && origin != NULL; i++)
            origin[at + i] = start;
        at += bytes;
    }
    out[at] = '\0';
    if (origin != NULL)
        origin[at] = (uint32_t)(from - text);
}

static void add_line(struct shown_pages *pages, const struct draw_item *item,
                     size_t page)
{
    static char line[TEXT_BYTES];
    squeeze(item->text.string, line, NULL);
    if (line[0] == '\0')
        return;
    if (pages->count == pages->capacity) {
        pages->capacity = pages->capacity == 0 ? 64 : pages->capacity * 2;
        pages->lines = realloc(pages->lines,
                               pages->capacity * sizeof *pages->lines);
        assert_non_null(pages->lines);
    }
    char *copy = strdup(line);
    assert_non_null(copy);
    pages->lines[pages->count++] = (struct shown_line){copy, page,
                                                       item->text.size_px};
}

void shown_pages_add(struct shown_pages *pages, const struct draw_list *list,
                     size_t page)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].kind == DRAW_TEXT)
            add_line(pages, &list->items[i], page);
    }
}

void shown_pages_finish(struct shown_pages *pages)
{
    for (size_t i = 0; i < pages->count; i++)
        free(pages->lines[i].text);
    free(pages->lines);
    *pages = (struct shown_pages){0};
}

/* A text followed over lines of pages. */
struct follow {
    const char *wanted; /* squeezed */
    const uint32_t *origin;
    size_t done;
    size_t page; /* of the last line that belonged to it */
    uint32_t page_from;
    bool marked;
    size_t lead_page; /* plus 1; there the lead has a line of its own */
    bool lead_repeated;
    bool behind; /* it began behind other words of its first line */
    size_t end;  /* its last line */
    struct page_break breaks[BREAKS_MOST];
    size_t count;
};

static bool takes(struct follow *follow, const char *line, size_t *taken)
{
    const char *rest = follow->wanted + follow->done;
    size_t bytes = strlen(line), length = strlen(mark);
    follow->marked = false;
    if (bytes > 0 && strncmp(rest, line, bytes) == 0) {
        *taken = bytes;
        return true;
    }
    if (strncmp(line, rest, strlen(rest)) == 0) {
        *taken = strlen(rest);
        return true;
    }
    if (bytes > length && strcmp(line + bytes - length, mark) == 0 &&
        strncmp(rest, line, bytes - length) == 0) {
        follow->marked = true;
        *taken = bytes - length;
        return true;
    }
    return false;
}

/* Behind «…» or «不要…» at the line's begin; NULL: there is none. */
static const char *behind_lead(const char *line, bool *repeated)
{
    const char *at = strstr(line, mark);
    if (at == NULL || at - line > 24)
        return NULL;
    *repeated = at > line;
    return at + strlen(mark);
}

static void follow_line(struct follow *follow, const struct shown_line *line)
{
    bool marked = follow->marked, repeated = false;
    bool over = follow->done > 0 && line->page != follow->page;
    size_t taken = 0;
    bool good = takes(follow, line->text, &taken);
    if (!good && over) {
        const char *rest = behind_lead(line->text, &repeated);
        if (rest != NULL && rest[0] == '\0') {
            follow->lead_page = line->page + 1;
            follow->lead_repeated = repeated;
        }
        good = rest != NULL && rest[0] != '\0' && takes(follow, rest, &taken);
    }
    if (follow->lead_page == line->page + 1)
        repeated = follow->lead_repeated;
    if (!good) {
        follow->marked = marked;
        return;
    }
    if (over) {
        assert_true(follow->count < BREAKS_MOST);
        follow->breaks[follow->count++] =
            (struct page_break){follow->origin[follow->done],
                                marked,
                                repeated,
                                follow->page,
                                follow->page_from,
                                line->size_px};
    }
    if (over || follow->done == 0)
        follow->page_from = follow->origin[follow->done];
    follow->done += taken;
    follow->page = line->page;
}

/* A label may stand before it on its first line. */
static bool begin_follow(struct follow *follow, const struct shown_line *line)
{
    for (const char *from = line->text; *from != '\0'; from++) {
        size_t bytes = strlen(from);
        if (strncmp(follow->wanted, from, bytes) != 0)
            continue;
        follow->done = bytes;
        follow->page = line->page;
        follow->page_from = 0;
        follow->behind = from > line->text;
        return true;
    }
    if (strncmp(line->text, follow->wanted, strlen(line->text)) == 0)
        return false;
    struct shown_line first = *line;
    follow_line(follow, &first);
    return follow->done > 0;
}

static void follow_lines(const struct shown_pages *pages, size_t from,
                         struct follow *follow)
{
    size_t bytes = strlen(follow->wanted);
    if (!begin_follow(follow, &pages->lines[from]))
        return;
    follow->end = from;
    for (size_t l = from + 1; l < pages->count && follow->done < bytes; l++) {
        follow_line(follow, &pages->lines[l]);
        follow->end = l;
    }
}

/* From its first line on, and on one page. */
static bool stands_whole(const struct shown_pages *pages, struct follow *follow)
{
    const struct follow none = *follow;
    for (size_t i = 0; i < pages->count; i++) {
        *follow = none;
        follow_lines(pages, i, follow);
        if (follow->done == strlen(follow->wanted) && follow->count == 0 &&
            !follow->behind)
            return true;
    }
    return false;
}

static void check_breaks(const struct shown_pages *pages, const char *text,
                         const struct clauses *clauses,
                         const struct follow *follow, page_break_check *check,
                         void *context)
{
    for (size_t i = 0; i < follow->count; i++)
        check(pages, text, clauses, &follow->breaks[i], context);
}

/* Words that end as the text begins are not taken for it where it stands whole
 * somewhere else; of a panel, which says a text once, nor are its first words.
 * A line like its first may stand before it: of several beginnings with the
 * same end the last one counts. */
static void follow_text(const struct shown_pages *pages, const char *text,
                        page_break_check *check, void *context)
{
    static char wanted[TEXT_BYTES];
    static uint32_t origin[TEXT_BYTES];
    static struct follow follow, last;
    struct clauses clauses;
    squeeze(text, wanted, origin);
    size_t bytes = strlen(wanted);
    assert_true(clauses_find(text, strlen(text), &clauses));
    const struct follow none = {.wanted = wanted, .origin = origin};
    follow = last = none;
    bool whole = bytes > 0 && stands_whole(pages, &follow);
    for (size_t i = 0; bytes > 0 && i < pages->count; i++) {
        follow = none;
        follow_lines(pages, i, &follow);
        if (follow.done < bytes || (whole && (follow.behind || pages->once)))
            continue;
        if (follow.end != last.end)
            check_breaks(pages, text, &clauses, &last, check, context);
        last = follow;
    }
    check_breaks(pages, text, &clauses, &last, check, context);
    clauses_finish(&clauses);
}

void page_breaks_follow(const struct shown_pages *pages,
                        const struct page_texts *texts, page_break_check *check,
                        void *context)
{
    for (size_t i = 0; i < texts->count; i++)
        follow_text(pages, texts->items[i], check, context);
}

const struct clause *page_break_clause(const struct clauses *clauses,
                                       uint32_t at)
{
    size_t i = 0;
    while (i + 1 < clauses->count && clauses->items[i].text.to <= at)
        i++;
    return &clauses->items[i];
}

bool page_break_is_within(const struct clause *clause, uint32_t at)
{
    return at > clause->text.from;
}

/* The end before a byte that begins a clause. */
static enum clause_end end_before(const struct clauses *clauses, uint32_t at)
{
    enum clause_end end = CLAUSE_END_PARAGRAPH;
    for (size_t i = 0; i < clauses->count; i++) {
        if (clauses->items[i].text.to <= at)
            end = clauses->items[i].end;
    }
    return end;
}

bool page_break_parts_prohibition(const char *text, const struct clause *clause,
                                  const struct page_break *at)
{
    struct clause_range word = clause_repeats(text, clause, at->at);
    return word.to > word.from && !at->repeated;
}

bool page_break_is_early(const struct shown_pages *pages,
                         const struct clauses *clauses,
                         const struct page_break *at)
{
    const struct clause *clause = page_break_clause(clauses, at->at);
    if (!page_break_is_within(clause, at->at))
        return false;
    bool behind = at->page_from < clause->text.from &&
                  page_break_clause(clauses, at->page_from) != clause;
    return behind || at->size_px > pages->legal_px;
}

void page_breaks_count(const struct shown_pages *pages, const char *text,
                       const struct clauses *clauses,
                       const struct page_break *at, void *context)
{
    struct page_break_counts *counts = context;
    const struct clause *clause = page_break_clause(clauses, at->at);
    bool within = page_break_is_within(clause, at->at);
    counts->breaks++;
    counts->clauses += within;
    counts->early += page_break_is_early(pages, clauses, at);
    counts->sentences += within ||
                         end_before(clauses, at->at) < CLAUSE_END_SENTENCE;
    counts->prohibitions += within &&
                            page_break_parts_prohibition(text, clause, at);
}
