/* The options of a program, one row of a table each. Command line, ini file,
 * help, completion and the tests of the manual follow from the rows. */
#ifndef GAOSHI_BASE_OPTIONS_H
#define GAOSHI_BASE_OPTIONS_H

#include "base/problem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
    OPTION_ROWS_MAX = 128,   /* rows of a table */
    OPTION_LINE_BYTES = 997, /* of a line of a file */
    OPTION_FILE_BYTES = 256 * 1024,
};

struct option_row;

/* Puts a value (NULL: the option takes none) into its field; one entry of a
 * list is appended. False: the field is untouched. The problem then says why,
 * or is left alone: the caller says what the type expects. */
typedef bool option_parser(const struct option_row *row, const char *value,
                           void *field, struct problem *problem);

/* How the bounds of a row are told behind the words of its type. */
enum option_bounds {
    OPTION_BOUNDS_NONE,
    OPTION_BOUNDS_RANGE,       /* from minimum to maximum */
    OPTION_BOUNDS_COUNT,       /* at most maximum */
    OPTION_BOUNDS_BYTES,       /* at most maximum - 1 bytes */
    OPTION_BOUNDS_THOUSANDTHS, /* at most maximum / 1000 */
    OPTION_BOUNDS_CHOICES,     /* the names of the choices */
};

struct option_type {
    const char *words; /* what a value may be */
    enum option_bounds bounds;
    option_parser *parse;
    const char *entries; /* of a list, "addresses": a file parts them by
                            spaces; NULL: a single value */
    bool is_text;        /* has to be UTF-8 */
    bool is_path;        /* a file names it from its own folder */
    bool is_borrowed;    /* the field points to the text */
    bool may_be_empty;   /* in a file */
};

struct option_choice {
    const char *name; /* NULL ends the list */
    int value;
};

struct option_row {
    const char *flag;     /* without the dashes; NULL: the file alone */
    const char *argument; /* what stands for the value in the help; NULL:
                             the flag takes none */
    const char *key;      /* section.key of the file; NULL: none */
    const char *help;     /* NULL: works, but is not told */
    unsigned groups;      /* bits: the commands that take the flag */
    const struct option_type *type; /* NULL ends the table */
    size_t offset;                  /* of the field */
    int minimum, maximum;
    const struct option_choice *choices;
    const char *fallback; /* the default as a file would give it; NULL: the
                             field is left as it is */
};

/* bool */
extern const struct option_type option_flag;
/* int */
extern const struct option_type option_integer, option_choice, option_yes_no;
/* char[maximum] */
extern const struct option_type option_text, option_path;
/* const char *, borrowed of the command line or of the state */
extern const struct option_type option_words, option_file;

/* What was given, and where. Starts zeroed. */
struct option_state {
    bool typed[OPTION_ROWS_MAX]; /* on the command line */
    int lines[OPTION_ROWS_MAX];  /* of the file; 0: it does not give it */
    /* What is wrong in this section does not end the reading (NULL: none):
     * the first of it is noted here. */
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

/* Reads the flags of these groups in argv[first…]: «--flag value»,
 * «--flag=value», an unambiguous beginning of a flag, and -h for --help; «--»
 * ends the flags. A list may be given again. The other words are moved to
 * argv[first…]; *operand_count says how many there are. On failure
 * problem->field is the flag, and the fields may hold a part. */
bool option_rows_read_words(const struct option_row *rows, unsigned groups,
                            int argc, char **argv, int first, void *fields,
                            struct option_state *state, int *operand_count,
                            struct problem *problem);

/* Reads an ini file for what the command line did not give. An unknown section
 * or key, a bad value, a key given twice (unless it is a list) and a line that
 * is too long are told as file:line: key: what was expected. An indented line
 * goes on with the list above it. On failure the fields may hold a part. */
bool option_rows_read_file(const struct option_row *rows, const char *file,
                           void *fields, struct option_state *state,
                           struct problem *problem);

/* The flags of these groups, a line each. */
void option_rows_print_help(const struct option_row *rows, unsigned groups,
                            FILE *out);

/* A command for the completion: its words, and the groups of its flags. */
struct option_command {
    const char *name;
    unsigned groups;
};

/* A script for bash that completes the commands, their flags, choices and
 * files. A command without a name is the program without a command. */
void option_rows_print_completion(const struct option_row *rows,
                                  const char *program,
                                  const struct option_command *commands,
                                  size_t command_count, FILE *out);

#endif
