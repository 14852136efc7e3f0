/* What was done at the console, by whom and when: one JSON object a line, only
 * ever appended. */
#ifndef GAOSHI_PUBLISHER_JOURNAL_H
#define GAOSHI_PUBLISHER_JOURNAL_H

#include "base/problem.h"

#include <jansson.h>

struct journal {
    char *file;
    int fd;
};

/* Opens it, or makes it for its owner alone. journal_close in any case. */
bool journal_open(struct journal *journal, const char *file,
                  struct problem *problem);
void journal_close(struct journal *journal);

/* Adds an entry, which gets the time in `at`; takes it. It is on the disk when
 * this returns true. */
bool journal_add(struct journal *journal, json_t *entry,
                 struct problem *problem);

/* The newest entries, the newest first: `most` of them at the most, of the last
 * JOURNAL_TAIL_BYTES of the file. NULL: it cannot be read. */
enum { JOURNAL_TAIL_BYTES = 256 * 1024 };
json_t *journal_newest(const struct journal *journal, size_t most);

#endif
