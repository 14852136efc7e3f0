/* The folder of a rehearsal: drafts of panels and alerts (*.json) and themes
 * (*.ini), in it and in its folders, read again whenever a file is saved. A
 * file that cannot be read keeps its last good version. */
#ifndef GAOSHI_DISPLAY_DRAFT_FOLDER_H
#define GAOSHI_DISPLAY_DRAFT_FOLDER_H

#include "base/problem.h"
#include "protocol/limits.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { DRAFT_FILES_MAX = 1024 };

struct draft {
    char *path;
    char *text;   /* as it was read last */
    json_t *body; /* of the last good version; NULL: there was none */
    bool changed; /* the body was not published yet; the user clears it */
    bool gone;    /* the file is no more; the user removes what it published */
    bool seen;    /* in the present reading */
    char shown_kind[16]; /* what was published of it; "": nothing. The user's */
    char shown_id[LIMIT_IDENTIFIER_BYTES + 1];
    bool refused; /* problem is why it was not published; the user's */
    struct problem problem; /* of the present text; code NONE: it is good */
};

struct draft_folder {
    char *path;
    char *only;   /* the one file that counts; NULL: all of the folder */
    int watch_fd; /* for poll: readable when something was saved; -1: none */
    struct draft *drafts; /* by their path */
    size_t count;
    char **themes; /* paths, sorted */
    size_t theme_count;
};

/* path: a folder, or one file. Finish it also after a failure. */
bool draft_folder_init(struct draft_folder *folder, const char *path,
                       struct problem *problem);
void draft_folder_finish(struct draft_folder *folder); /* zeroed: nothing */

/* One more folder, which has only themes. */
void draft_folder_watch(struct draft_folder *folder, const char *path);

/* Reads what is new. False: the folder itself cannot be read. */
bool draft_folder_read(struct draft_folder *folder, struct problem *problem);

/* Empties the watch. True: a file that counts was saved, moved or removed. */
bool draft_folder_is_stale(struct draft_folder *folder);

/* Removes the drafts that are gone. */
void draft_folder_sweep(struct draft_folder *folder);

#endif
