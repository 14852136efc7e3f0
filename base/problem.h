/* An error that a person can act on: where it is, which field, what was
 * expected, and what happens now. */
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
    PROBLEM_AUTHORITY, /* the key has no right to this */
    PROBLEM_TOPIC,     /* topic and body disagree */
    PROBLEM_STALE,     /* duplicate, replayed or expired */
    PROBLEM_SCOPE,     /* not for this screen */
    PROBLEM_SYSTEM,    /* a file, memory, the network */
};

/* Texts are UTF-8 and NUL-terminated. A text that is too long is cut between
 * characters; bytes that are not UTF-8 become U+FFFD. line and column count
 * from 1, columns in bytes; 0: not known. */
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

/* Sets only the place, cut between characters where it is too long. Does
 * nothing if problem or place is NULL. */
void problem_set_place(struct problem *problem, const char *place);

/* Writes «place:line:column: field: expected; consequence» without the parts
 * that are not known. The texts are escaped (escape.h), and the result is
 * always terminated. Returns the length of the whole text. */
size_t problem_format(const struct problem *problem, char *out, size_t size);

/* The name of the code in receipts: "syntax", "too-large", … */
const char *problem_code_name(enum problem_code code);

#endif
