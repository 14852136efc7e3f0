/* Reads the list of characters that the chain of fonts is checked against. */
#include "display/edge/text/coverage_list.h"

#include "base/files.h"
#include "display/edge/text/coverage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    struct coverage_list list;
    int line;
    struct problem *problem;
};

static bool fail(struct reading *reading, const char *text)
{
    problem_set(reading->problem, PROBLEM_SYNTAX, "%s", text);
    reading->problem->line = reading->line;
    return false;
}

static int count_codepoints(const struct coverage_list *list,
                            const struct coverage_group *group)
{
    int count = 0;

    for (size_t i = 0; i < group->span_count; i++) {
        const struct coverage_span *span = &list->spans[group->first_span + i];
        count += (int)(span->last - span->first) + 1;
    }
    return count;
}

/* A slip of the pen in the list would pass for a font's defect. */
static bool check_last_group(struct reading *reading)
{
    struct coverage_list *list = &reading->list;

    if (list->group_count == 0)
        return true;
    const struct coverage_group *group = &list->groups[list->group_count - 1];
    int found = count_codepoints(list, group);
    if (found == group->count)
        return true;
    problem_set(reading->problem, PROBLEM_FIELD,
                "'%s' has %d code points, its heading says %d", group->name,
                found, group->count);
    reading->problem->line = group->line;
    return false;
}

static bool take_heading(struct reading *reading, const char *text)
{
    struct coverage_list *list = &reading->list;
    struct coverage_group group = {.line = reading->line,
                                   .first_span = list->span_count};

    if (!check_last_group(reading))
        return false;
    if (list->group_count == COVERAGE_GROUPS)
        return fail(reading, "too many groups");
    if (sscanf(text, "= %15s %7d %63[^\n]", group.level, &group.count,
               group.name) != 3)
        return fail(reading, "expected = LEVEL COUNT NAME");
    list->groups[list->group_count++] = group;
    return true;
}

static const char *parse_codepoint(const char *text, uint32_t *out)
{
    unsigned codepoint = 0;
    int used = 0;

    if (sscanf(text, "%6x%n", &codepoint, &used) != 1 || codepoint == 0 ||
        codepoint > 0x10FFFF)
        return NULL;
    *out = codepoint;
    return text + used;
}

static bool parse_span(const char *text, struct coverage_span *out)
{
    struct coverage_span span;

    text = parse_codepoint(text, &span.first);
    if (!text)
        return false;
    span.last = span.first;
    if (*text == '-')
        text = parse_codepoint(text + 1, &span.last);
    if (!text || *text || span.last < span.first)
        return false;
    *out = span;
    return true;
}

static bool take_spans(struct reading *reading, char *text)
{
    struct coverage_list *list = &reading->list;
    char *rest = NULL;

    if (list->group_count == 0)
        return fail(reading, "code points before the first group");
    for (char *word = strtok_r(text, " \t", &rest); word;
         word = strtok_r(NULL, " \t", &rest)) {
        if (list->span_count == COVERAGE_SPANS)
            return fail(reading, "too many ranges");
        if (!parse_span(word, &list->spans[list->span_count]))
            return fail(reading, "expected code points such as 4E00 or "
                                 "4E00-9FEF");
        list->span_count++;
        list->groups[list->group_count - 1].span_count++;
    }
    return true;
}

static bool take_line(struct reading *reading, char *text)
{
    if (text[0] == '\0' || text[0] == '#')
        return true;
    return text[0] == '=' ? take_heading(reading, text)
                          : take_spans(reading, text);
}

static bool take_lines(struct reading *reading, char *text)
{
    while (text) {
        char *end = strchr(text, '\n');
        if (end)
            *end = '\0';
        reading->line++;
        if (!take_line(reading, text))
            return false;
        text = end ? end + 1 : NULL;
    }
    return check_last_group(reading);
}

bool coverage_list_read(const char *file, struct coverage_list *out,
                        struct problem *problem)
{
    struct reading reading = {.problem = problem};
    struct coverage_list *list = &reading.list;
    char *text = NULL;
    size_t bytes = 0;

    text = file_read_any(file, COVERAGE_LIST_BYTES, &bytes, problem);
    if (!text)
        return false;
    problem_set_place(problem, file);
    list->groups = calloc(COVERAGE_GROUPS, sizeof *list->groups);
    list->spans = calloc(COVERAGE_SPANS, sizeof *list->spans);
    bool read = list->groups && list->spans
                    ? take_lines(&reading, text)
                    : problem_set(problem, PROBLEM_SYSTEM, "no memory");
    free(text);
    if (read)
        *out = *list;
    else
        coverage_list_finish(list);
    return read;
}

void coverage_list_finish(struct coverage_list *list)
{
    free(list->groups);
    free(list->spans);
    *list = (struct coverage_list){0};
}
