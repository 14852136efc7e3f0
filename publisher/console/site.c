/* A table of files, so that no path of a request is ever opened. */
#include "publisher/console/site.h"

#include "base/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct site_file table[SITE_FILES] = {
    {.path = "/", .name = "index.html", .type = "text/html; charset=utf-8"},
    {.path = "/console.css",
     .name = "console.css",
     .type = "text/css; charset=utf-8",
     .is_open = true},
    {.path = "/console.js",
     .name = "console.js",
     .type = "text/javascript; charset=utf-8"},
    {.path = "/parts.js",
     .name = "parts.js",
     .type = "text/javascript; charset=utf-8"},
    {.path = "/words.js",
     .name = "words.js",
     .type = "text/javascript; charset=utf-8"},
    {.path = "/approvals.js",
     .name = "approvals.js",
     .type = "text/javascript; charset=utf-8"},
    {.path = "/icon.svg",
     .name = "icon.svg",
     .type = "image/svg+xml",
     .is_open = true},
    {.path = "/login",
     .name = "login.html",
     .type = "text/html; charset=utf-8",
     .is_open = true},
    {.path = "/people.css",
     .name = "people.css",
     .type = "text/css; charset=utf-8",
     .is_open = true},
    {.path = "/login.js",
     .name = "login.js",
     .type = "text/javascript; charset=utf-8",
     .is_open = true},
};

bool site_read(struct site *site, const struct data_path *data,
               struct problem *problem)
{
    char relative[64], path[DATA_PATH_BYTES];

    memcpy(site->files, table, sizeof table);
    for (size_t i = 0; i < SITE_FILES; i++) {
        struct site_file *file = &site->files[i];
        snprintf(relative, sizeof relative, "data/console/%s", file->name);
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
