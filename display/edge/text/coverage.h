/* Which characters of a list the chain of fonts really draws: the proof that
 * names of people and places come out whole. */
#ifndef GAOSHI_DISPLAY_COVERAGE_H
#define GAOSHI_DISPLAY_COVERAGE_H

#include "display/edge/text/fonts.h"

#include <stdio.h>

enum {
    COVERAGE_SIZE_PX = 16,       /* small enough to draw them all in seconds */
    COVERAGE_LIST_BYTES = 65536, /* of a list file */
    COVERAGE_GROUPS = 64,
};

/* Looks every character of the list (fonts/coverage.txt) up in the role's
 * faces, and, where size_px is not 0, draws it and looks for ink. Prints a
 * table with counts and times, what is missing, and how many characters each
 * face gives. *complete: nothing is missing. False: the list cannot be
 * read; nothing was printed. */
bool coverage_print(struct fonts *fonts, const char *list_file,
                    enum type_role role, int size_px, FILE *out, bool *complete,
                    struct problem *problem);

#endif
