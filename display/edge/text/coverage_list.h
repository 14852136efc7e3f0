/* fonts/coverage.txt as data: groups of code points with a level. */
#ifndef GAOSHI_DISPLAY_COVERAGE_LIST_H
#define GAOSHI_DISPLAY_COVERAGE_LIST_H

#include "base/problem.h"

#include <stdint.h>

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

#endif
