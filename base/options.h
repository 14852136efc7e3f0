/* The options of a program, one row of a table each. Command line, ini file,
 * help, completion and the tests of the manual follow from the rows. */
#ifndef GAOSHI_BASE_OPTIONS_H
#define GAOSHI_BASE_OPTIONS_H

#include "base/problem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
    OPTION_ROWS_MAX = 256,   /* rows of a table */
    OPTION_LINE_BYTES = 997, /* of a line of a file */
    OPTION_FILE_BYTES = 256 * 1024,
};

struct option_row;

/* Stores a value (NULL: the option takes none) in its field; for a list it
 * appends one entry. False: the field is unchanged. The problem then contains
 * the reason, or is unchanged, and the caller describes what the type expects.
 */
typedef bool option_parser(const struct option_row *row, const char *value,
                           void *field, struct problem *problem);

/* How the bounds of a row are described after the words of its type. */
enum option_bounds {
    OPTION_BOUNDS_NONE,
    OPTION_BOUNDS_RANGE,       /* from minimum to maximum */
    OPTION_BOUNDS_COUNT,       /* at most maximum */
    OPTION_BOUNDS_BYTES,       /* at most maximum - 1 bytes */
    OPTION_BOUNDS_THOUSANDTHS, /* at most maximum / 1000 */
    OPTION_BOUNDS_CHOICES,     /* the names of the choices */
};

struct option_type {
    const char *words; /* describes the allowed values */
    enum option_bounds bounds;
    option_parser *parse;
    const char *entries; /* of a list, such as "addresses": a file separates
                            them by spaces; NULL: a single value */
    bool is_text;        /* must be UTF-8 */
    bool is_path; /* a relative path in a file counts from the file's folder */
    bool is_borrowed;  /* the field points to the text */
    bool may_be_empty; /* in a file */
};

struct option_choice {
    const char *name; /* NULL ends the list */
    int value;
};

/* A set of groups of commands, a bit for each:
 * OPTION_GROUP(0) to OPTION_GROUP(63). */
typedef uint64_t option_groups;
#define OPTION_GROUP(n) ((option_groups)1 << (n))

struct option_row {
    const char *flag; /* without the dashes; NULL: only in the file */
    /* name of the value in the help; NULL: the flag takes none */
    const char *argument;
    const char *key;  /* section.key of the file; NULL: none */
    const char *help; /* NULL: accepted, but not in the help */
    option_groups
        groups; /* bits: the groups of commands that accept the flag */
    const struct option_type *type; /* NULL ends the table */
    size_t offset;                  /* of the field */
    int minimum, maximum;
    const struct option_choice *choices; /* of any type: completion offers
                                            them */
    const char *fallback; /* the default, written as in a file; NULL: the field
                             keeps its value */
    unsigned names;       /* what the value names, see base/completion.h */
};

/* bool */
extern const struct option_type option_flag;
/* int */
extern const struct option_type option_integer, option_choice, option_yes_no;
/* char[maximum] */
extern const struct option_type option_text, option_path;
/* const char *, borrowed of the command line or of the state */
extern const struct option_type option_words, option_file;

/* Which options were given, and where. Begins zeroed. */
struct option_state {
    bool typed[OPTION_ROWS_MAX]; /* on the command line */
    int lines[OPTION_ROWS_MAX];  /* line of the file; 0: not in the file */
    /* A mistake in this section (NULL: none) does not stop the reading; the
     * first one is noted in lenient_problem. */
    const char *lenient_section;
    struct problem lenient_problem;
    char **texts; /* of the file, for borrowed fields */
    size_t text_count;
};

void option_state_finish(struct option_state *state);

/* Sets the fields that have a default. */
void option_rows_default(const struct option_row *rows, void *fields);

/* Sets one field, as a file does. problem->field is the key. */
bool option_row_set(const struct option_row *row, const char *value,
                    void *fields, struct problem *problem);

/* NULL: there is none. */
const struct option_row *option_rows_find_key(const struct option_row *rows,
                                              const char *key);

/* Reads the flags of these groups from argv[first…]: «--flag value»,
 * «--flag=value», an unambiguous beginning of a flag, and -h for --help; «--»
 * ends the flags. A flag of a list may be repeated. All other words are moved
 * to argv[first…], and *operand_count is their number. On failure
 * problem->field is the flag, and some fields may be set. */
bool option_rows_read_words(const struct option_row *rows, option_groups groups,
                            int argc, char **argv, int first, void *fields,
                            struct option_state *state, int *operand_count,
                            struct problem *problem);

/* Reads an ini file for the options that the command line did not give. An
 * unknown section or key, a bad value, a key given twice (unless it is a list)
 * and a line that is too long are reported as file:line: key: what was
 * expected. An indented line continues the list above it. On failure some
 * fields may be set. */
bool option_rows_read_file(const struct option_row *rows, const char *file,
                           void *fields, struct option_state *state,
                           struct problem *problem);

/* Prints the flags of these groups, one line each. */
void option_rows_print_help(const struct option_row *rows, option_groups groups,
                            FILE *out);

#endif
