/* What is wrong, told so that a person can mend it: where, which field,
 * what was expected, and what happens now. */
#ifndef GAOSHI_BASE_PROBLEM_H
#define GAOSHI_BASE_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

enum problem_code {
    PROBLEM_NONE,
    PROBLEM_SYNTAX,    /* not JSON, not UTF-8, no envelope line */
    PROBLEM_TOO_LARGE, /* over a limit of limits.h */
    PROBLEM_FIELD,     /* a field is missing, unknown or has a bad value */
    PROBLEM_SIGNATURE, /* unsigned, unknown key, signature does not match */
    PROBLEM_AUTHORITY, /* the key may not say this */
    PROBLEM_TOPIC,     /* topic and body disagree */
    PROBLEM_STALE,     /* duplicate, replayed or expired */
    PROBLEM_SCOPE,     /* not for this screen */
    PROBLEM_SYSTEM,    /* a file, memory, the network */
};

/* Texts are UTF-8, NUL-terminated, cut at a character where too long; bytes
 * that are none become U+FFFD.
 * line and column count from 1; 0: not known. Columns count bytes. */
struct problem {
    enum problem_code code;
    int line;
    int column;
    char place[160];       /* file or topic */
    char field[96];        /* path of the field: panel.figures[2].unit */
    char expected[240];    /* what was found and what was expected */
    char consequence[120]; /* what happens now; may be empty */
};

/* Fills code and expected (a printf format); clears field, line and column;
 * leaves place and consequence as they are. NULL problem: does nothing.
 * Returns false, so that a caller can «return problem_set(…)». */
bool problem_set(struct problem *problem, enum problem_code code,
                 const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The same, with the path of a field. */
bool problem_set_field(struct problem *problem, const char *field,
                       const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Sets the place alone, cut at a character where too long. NULL problem or
 * place: does nothing. */
void problem_set_place(struct problem *problem, const char *place);

/* place:line:column: field: expected; consequence. Parts that are not known
 * are left out. Texts are escaped (escape.h). Always terminates; returns
 * the length that the whole text has. */
size_t problem_format(const struct problem *problem, char *out, size_t size);

/* The code's constant name: "syntax", "too-large", … as receipts carry it. */
const char *problem_code_name(enum problem_code code);

#endif
