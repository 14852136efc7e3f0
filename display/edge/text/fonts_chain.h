/* fonts/chain.ini as data: which files are the faces of which role, in which
 * order. It opens no font. */
#ifndef GAOSHI_DISPLAY_FONTS_CHAIN_H
#define GAOSHI_DISPLAY_FONTS_CHAIN_H

#include "base/problem.h"
#include "display/core/typeset/type_metrics.h"

enum {
    FONTS_FACES = 64,      /* in the whole chain */
    FONTS_ROLE_FACES = 16, /* of one role */
    FONTS_FOLDERS = 8,
    FONTS_PATH_BYTES = 512,
    FONTS_NAME_BYTES = 48,
    FONTS_INDEX_MAX = 255,
};

struct fonts_source {
    char name[FONTS_NAME_BYTES];
    char file[FONTS_PATH_BYTES]; /* where it was found, otherwise as written */
    int index;
    char family[FONTS_NAME_BYTES];
    bool installed;
};

struct fonts_role {
    int faces[FONTS_ROLE_FACES]; /* indices into sources */
    int count;
};

struct fonts_chain {
    struct fonts_source sources[FONTS_FACES];
    int source_count;
    struct fonts_role roles[TYPE_ROLE_COUNT];
    struct fonts_role scripts[TYPE_ROLE_COUNT]; /* may be empty */
};

/* file NULL: the chain in the program, see builtin.h. Every role has at least
 * one face afterwards. `installed` says whether a file exists; a missing file
 * is no error. */
bool fonts_chain_read(const char *file, struct fonts_chain *out,
                      struct problem *problem);

const char *fonts_role_name(enum type_role role);

#endif
