/* Where the texts of a message go over to the next page, read from what the
 * pages show. */
#ifndef GAOSHI_TESTS_SUPPORT_PAGE_BREAKS_H
#define GAOSHI_TESTS_SUPPORT_PAGE_BREAKS_H

#include "display/core/draw/draw_list.h"
#include "display/core/typeset/clause.h"
#include "tests/support/page_check.h"

/* All lines of text of a message's pages. */
struct shown_pages {
    struct shown_line *lines;
    size_t count, capacity;
    int legal_px;
    bool once; /* no text is said again, as in a panel */
};

/* A place where a text goes over to the next page. */
struct page_break {
    uint32_t at;        /* byte of the text that comes next */
    bool marked;        /* the page says that it goes on */
    bool repeated;      /* the next page says a word again */
    size_t page;        /* it ends */
    uint32_t page_from; /* byte of the text that the page begins with */
    int size_px;
};

/* Adds the lines of a page. Pages are added in their order. */
void shown_pages_add(struct shown_pages *pages, const struct draw_list *list,
                     size_t page);
void shown_pages_finish(struct shown_pages *pages);

/* Every breaking of the text that the pages show whole is handed on. */
typedef void page_break_check(const struct shown_pages *pages, const char *text,
                              const struct clauses *clauses,
                              const struct page_break *at, void *context);
void page_breaks_follow(const struct shown_pages *pages,
                        const struct page_texts *texts, page_break_check *check,
                        void *context);

/* The clause that goes on at a byte. */
const struct clause *page_break_clause(const struct clauses *clauses,
                                       uint32_t at);
bool page_break_is_within(const struct clause *clause, uint32_t at);

/* A word that forbids stands on one page, what it forbids on the next, and the
 * next page does not say the word again. */
bool page_break_parts_prohibition(const char *text, const struct clause *clause,
                                  const struct page_break *at);

/* A clause begins on a page and goes on on the next, or is larger than the
 * legal size. */
bool page_break_is_early(const struct shown_pages *pages,
                         const struct clauses *clauses,
                         const struct page_break *at);

struct page_break_counts {
    size_t breaks, sentences, clauses, prohibitions;
    size_t early; /* within a clause that a page holds */
};
/* A page_break_check whose context is struct page_break_counts. */
void page_breaks_count(const struct shown_pages *pages, const char *text,
                       const struct clauses *clauses,
                       const struct page_break *at, void *context);

#endif
