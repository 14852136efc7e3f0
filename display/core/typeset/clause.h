/* Where a page may end within a text: behind a paragraph, a sentence, a clause
 * or an entry of a list, never within one of them. A page that ends between
 * «不要» and what it forbids would leave one page that says the opposite. Pure.
 */
#ifndef GAOSHI_DISPLAY_CLAUSE_H
#define GAOSHI_DISPLAY_CLAUSE_H

#include "display/core/typeset/line_break.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How well a page may end behind a clause; a higher value is a better end. */
enum clause_end {
    CLAUSE_END_OPEN, /* a comma behind a prohibition that may hold for what
                        follows too: 严禁停车，私拉电线 */
    CLAUSE_END_LIST, /* 、 or a wide space */
    CLAUSE_END_COMMA,
    CLAUSE_END_SENTENCE,
    CLAUSE_END_PARAGRAPH,
};

/* Bytes from … to − 1; empty when both are the same. */
struct clause_range {
    uint32_t from, to;
};

/* A word that turns the sense of what follows round: 不要, 严禁, do not. */
struct clause_negation {
    struct clause_range text;
    bool order;
};

/* What stands on one page. Its stop and closing marks belong to it, white
 * space behind them does not. */
struct clause {
    struct clause_range text;
    struct clause_range negation; /* its first word that turns the sense round:
                                     不要, 严禁, do not; empty: none */
    uint8_t end;                  /* enum clause_end */
    /* All of them, in their order; of struct clauses. */
    const struct clause_negation *negations;
    size_t negation_count;
};

struct clauses {
    struct clause *items;
    size_t count;
    struct clause_negation *negations;
};

/* text: UTF-8. Every byte but white space lies in one clause. Brackets and
 * quotations are whole; a dot of a number, a time or an address ends nothing.
 * False without memory (*out untouched). */
bool clauses_find(const char *text, size_t bytes, struct clauses *out);
void clauses_finish(struct clauses *clauses);

/* breaks: of the clause's text, words included. The last place behind `from`
 * and not behind `most` where a clause that no page holds may be broken:
 * between words, else between characters, and never between a negation and what
 * it turns round. 0: there is none. */
uint32_t clause_break(const char *text, const struct clause *clause,
                      const struct line_breaks *breaks, uint32_t from,
                      uint32_t most);

/* The order that has to be repeated on the page where the clause goes on at
 * `at`; empty: none. */
struct clause_range clause_repeats(const char *text,
                                   const struct clause *clause, uint32_t at);

#endif
