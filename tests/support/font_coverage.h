/* Which characters of a list the chain of fonts really draws: the proof that
 * names of people and places come out whole. */
#ifndef GAOSHI_TESTS_SUPPORT_FONT_COVERAGE_H
#define GAOSHI_TESTS_SUPPORT_FONT_COVERAGE_H

#include "display/edge/text/fonts.h"

#include <stdio.h>

/* tests/font_coverage.txt as data: groups of code points with a level. */
enum {
    COVERAGE_LEVEL_BYTES = 16,
    COVERAGE_NAME_BYTES = 64,
    COVERAGE_SPANS = 1024,
};

struct coverage_span {
    uint32_t first, last;
};

struct coverage_group {
    char level[COVERAGE_LEVEL_BYTES];
    char name[COVERAGE_NAME_BYTES];
    int count; /* of code points, as the file says and as there are */
    int line;
    size_t first_span, span_count;
};

struct coverage_list {
    struct coverage_group *groups;
    size_t group_count;
    struct coverage_span *spans;
    size_t span_count;
};

/* Refuses a group whose count is not the number of its code points. */
bool coverage_list_read(const char *file, struct coverage_list *out,
                        struct problem *problem);
void coverage_list_finish(struct coverage_list *list);

enum {
    COVERAGE_SIZE_PX = 16,       /* small enough to draw them all in seconds */
    COVERAGE_LIST_BYTES = 65536, /* of a list file */
    COVERAGE_GROUPS = 64,
};

/* Looks every character of the list (tests/font_coverage.txt) up in the role's
 * faces, and, where size_px is not 0, draws it and looks for ink. Prints a
 * table with counts and times, what is missing, and how many characters each
 * face gives. *complete: nothing is missing. False: the list cannot be
 * read; nothing was printed. */
bool coverage_print(struct fonts *fonts, const char *list_file,
                    enum type_role role, int size_px, FILE *out, bool *complete,
                    struct problem *problem);

#endif
