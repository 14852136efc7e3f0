/* The table of options: names, where they go, what they say in the help. */
#ifndef GAOSHI_PUBLISHER_OPTION_TABLE_H
#define GAOSHI_PUBLISHER_OPTION_TABLE_H

#include "publisher/cli/options.h"

enum option_kind {
    OPTION_FLAG,
    OPTION_TEXT,    /* words, UTF-8 */
    OPTION_FILE,    /* a path, whatever its bytes are */
    OPTION_LIST,    /* of words */
    OPTION_BROKERS, /* of addresses */
    OPTION_FILES,   /* a list of paths */
    OPTION_NUMBER,
};

struct option_row {
    const char *name;     /* without the dashes */
    const char *argument; /* what stands for it in the help */
    const char *config;   /* section.key in the configuration; NULL: none */
    const char *help;
    unsigned groups;
    enum option_kind kind;
    size_t offset; /* of the field in struct options */
    int least;     /* a number's bounds; most is also a list's length */
    int most;
};

extern const struct option_row option_rows[];
extern const size_t option_row_count;

/* Stores a value in the field and notes it as given; the text is borrowed.
 * Words that are no UTF-8 are refused. */
bool option_store(struct options *options, const struct option_row *row,
                  const char *value, struct problem *problem);

/* True when that option stands on the command line itself. */
bool option_is_typed(const struct options *options, const char *name);

/* Its place in an option_set. */
size_t option_number(const struct option_row *row);

#endif
