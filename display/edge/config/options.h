/* The table of every option: the parser, the command line, --help and the
 * test of the manual all read it. */
#ifndef GAOSHI_DISPLAY_OPTIONS_H
#define GAOSHI_DISPLAY_OPTIONS_H

#include "display/edge/config/config.h"

enum option_type {
    OPTION_TEXT,       /* UTF-8 */
    OPTION_IDENTIFIER, /* identifier_is_valid */
    OPTION_AREA,       /* 12 digits */
    OPTION_GROUPS,     /* identifiers parted by spaces */
    OPTION_INTEGER,    /* minimum … maximum */
    OPTION_METRES,     /* 0.5, 12.5: kept in millimetres */
    OPTION_CHOICE,     /* one of choices */
    OPTION_SWITCH,     /* yes or no */
    OPTION_PART,       /* yes or no, a bit of an unsigned */
    OPTION_OFFSET,     /* +08:00: kept in minutes */
    OPTION_LIST,       /* texts parted by spaces */
    OPTION_BROKERS,    /* addresses of brokers parted by spaces */
};

struct option_choice {
    const char *name; /* NULL ends the list */
    int value;
};

struct option {
    const char *section;
    const char *name;
    enum option_type type;
    size_t offset; /* of the field in struct config */
    int minimum;   /* OPTION_INTEGER; the bit of OPTION_PART */
    int maximum;   /* OPTION_INTEGER; bytes of a text; mm of OPTION_METRES */
    const struct option_choice *choices;
    const char *fallback; /* the default, as it would stand in a file */
    const char *help;
};

/* Ends with a row whose section is NULL. */
extern const struct option option_table[];

/* NULL: there is none. */
const struct option *option_find(const char *section, const char *name);
bool option_has_section(const char *section);

/* Parses value into the config's field; lists are appended to. On failure
 * problem->field is «section.name» and the config untouched, but for the good
 * ones of several brokers. */
bool option_set(const struct option *option, const char *value,
                struct config *config, struct problem *problem);

/* Several entries, which may stand in several lines of a file. */
bool option_is_list(const struct option *option);

/* Empties a list, so that the command line replaces what a file gave. */
void option_clear(const struct option *option, struct config *config);

/* What a value may be, in words: «one of: full, reduced, none». */
void option_describe(const struct option *option, char *out, size_t size);

#endif
