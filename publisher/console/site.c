/* A table of files, so that no path of a request is ever opened. */
#include "publisher/console/site.h"

#include "base/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCRIPT "text/javascript; charset=utf-8"

/* Names are those in data/. */
static const struct site_file table[SITE_FILES] = {
    {.path = "/",
     .name = "console/index.html",
     .type = "text/html; charset=utf-8"},
    {.path = "/console.css",
     .name = "console/console.css",
     .type = "text/css; charset=utf-8",
     .is_open = true},
    {.path = "/console.js", .name = "console/console.js", .type = SCRIPT},
    {.path = "/pieces.js", .name = "console/pieces.js", .type = SCRIPT},
    {.path = "/form.js", .name = "console/form.js", .type = SCRIPT},
    {.path = "/schedule.js", .name = "console/schedule.js", .type = SCRIPT},
    {.path = "/programme.js", .name = "console/programme.js", .type = SCRIPT},
    {.path = "/parts.js", .name = "console/parts.js", .type = SCRIPT},
    {.path = "/words.js", .name = "console/words.js", .type = SCRIPT},
    {.path = "/icon.svg",
     .name = "console/icon.svg",
     .type = "image/svg+xml",
     .is_open = true},
    {.path = "/approvals.js", .name = "console/approvals.js", .type = SCRIPT},
    {.path = "/login",
     .name = "console/login.html",
     .type = "text/html; charset=utf-8",
     .is_open = true},
    {.path = "/people.css",
     .name = "console/people.css",
     .type = "text/css; charset=utf-8",
     .is_open = true},
    {.path = "/login.js",
     .name = "console/login.js",
     .type = SCRIPT,
     .is_open = true},
    /* Forms are made from these. */
    {.path = "/panel.schema.json",
     .name = "schema/panel.schema.json",
     .type = "application/json"},
    {.path = "/common.schema.json",
     .name = "schema/common.schema.json",
     .type = "application/json"},
    {.path = "/icons.txt",
     .name = "icons/icons.txt",
     .type = "text/plain; charset=utf-8"},
    {.path = "/holidays.txt",
     .name = "holidays.txt",
     .type = "text/plain; charset=utf-8"},
};

bool site_read(struct site *site, const struct data_path *data,
               struct problem *problem)
{
    char relative[64], path[DATA_PATH_BYTES];

    memcpy(site->files, table, sizeof table);
    for (size_t i = 0; i < SITE_FILES; i++) {
        struct site_file *file = &site->files[i];
        snprintf(relative, sizeof relative, "data/%s", file->name);
        if (!data_path_join(data, relative, path, sizeof path))
            return problem_set(problem, PROBLEM_SYSTEM, "path too long");
        file->bytes = file_read(path, SITE_FILE_BYTES, &file->size, problem);
        if (!file->bytes)
            return false;
    }
    return true;
}

void site_finish(struct site *site)
{
    for (size_t i = 0; i < SITE_FILES; i++)
        free(site->files[i].bytes);
}

const struct site_file *site_find(const struct site *site, const char *path)
{
    for (size_t i = 0; i < SITE_FILES; i++)
        if (strcmp(site->files[i].path, path) == 0)
            return &site->files[i];
    return NULL;
}
