/* The files of the page, read once from data/. */
#ifndef GAOSHI_PUBLISHER_SITE_H
#define GAOSHI_PUBLISHER_SITE_H

#include "base/data_path.h"

#include <stddef.h>

enum { SITE_FILES = 18, SITE_FILE_BYTES = 150 * 1024 };

struct site_file {
    const char *path; /* in the address: "/" */
    const char *name; /* in data/ */
    const char *type;
    bool is_open; /* for whoever is not logged in, where there are accounts */
    char *bytes;
    size_t size;
};

struct site {
    struct site_file files[SITE_FILES];
};

/* site_finish in any case. */
bool site_read(struct site *site, const struct data_path *data,
               struct problem *problem);
void site_finish(struct site *site);

/* NULL: there is no such file. No other path ever reaches the disk. */
const struct site_file *site_find(const struct site *site, const char *path);

#endif
