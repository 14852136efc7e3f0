/* Checks the chain of fonts against a list of characters, group by group. */
#include "tests/support/font_coverage.h"

#include "base/clock.h"
#include "base/files.h"

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

enum {
    MISSING_TOLD = 8,  /* code points told for a group */
    FACES_TOLD = 64,   /* indices of faces that are counted */
    TRIM_EVERY = 1024, /* characters drawn between two trims of the atlas */
    SEEN_BYTES = 0x110000 / 8,
};

struct tally {
    int total, present, inked;
    uint32_t missing[MISSING_TOLD];
    int64_t took_ms;
};

struct check {
    struct fonts *fonts;
    enum type_role role;
    int size_px;
    int by_face[FACES_TOLD];
    uint8_t *seen; /* a bit for every code point: counted already */
    int drawn;     /* since the last trim */
    FILE *out;
};

static bool is_new(struct check *check, uint32_t codepoint)
{
    uint8_t bit = (uint8_t)(1u << codepoint % 8);
    bool fresh = !(check->seen[codepoint / 8] & bit);

    check->seen[codepoint / 8] |= bit;
    return fresh;
}

static bool has_ink(struct check *check, const struct type_glyph *glyph)
{
    if (check->size_px == 0)
        return true;
    if (++check->drawn % TRIM_EVERY == 0)
        fonts_trim(check->fonts);
    return fonts_picture(check->fonts, check->role, glyph->face, check->size_px,
                         glyph->codepoint)
               .pixels != NULL;
}

static void note_missing(struct tally *tally, uint32_t codepoint)
{
    for (int i = 0; i < MISSING_TOLD; i++) {
        if (tally->missing[i])
            continue;
        tally->missing[i] = codepoint;
        return;
    }
}

static void check_character(struct check *check, uint32_t codepoint,
                            struct tally *tally)
{
    const struct type_metrics *metrics = fonts_metrics(check->fonts);
    struct type_glyph glyph =
        metrics->glyph(metrics->context, check->role,
                       check->size_px ? check->size_px : 1, codepoint);
    bool inked = !glyph.missing && has_ink(check, &glyph);

    tally->total++;
    tally->present += !glyph.missing;
    tally->inked += inked;
    if (!inked)
        note_missing(tally, codepoint);
    if (is_new(check, codepoint) && glyph.face >= 0 && glyph.face < FACES_TOLD)
        check->by_face[glyph.face]++;
}

static struct tally check_group(struct check *check,
                                const struct coverage_list *list,
                                const struct coverage_group *group)
{
    struct tally tally = {0};
    int64_t begin_ms = clock_monotonic_ms();

    for (size_t i = 0; i < group->span_count; i++) {
        const struct coverage_span *span = &list->spans[group->first_span + i];
        for (uint32_t c = span->first; c <= span->last; c++)
            check_character(check, c, &tally);
    }
    tally.took_ms = clock_monotonic_ms() - begin_ms;
    return tally;
}

static void print_tally(FILE *out, const char *level, const char *name,
                        const struct tally *tally, bool drawn)
{
    fprintf(out, "%-9s %6d / %6d", level, tally->present, tally->total);
    if (drawn)
        fprintf(out, "  %6d", tally->inked);
    fprintf(out, " %6lld ms  %s", (long long)tally->took_ms, name);
    for (int i = 0; i < MISSING_TOLD && tally->missing[i]; i++)
        fprintf(out, "%s U+%04X", i == 0 ? ": without" : "",
                (unsigned)tally->missing[i]);
    fputc('\n', out);
}

static void add(struct tally *sum, const struct tally *part)
{
    sum->total += part->total;
    sum->present += part->present;
    sum->inked += part->inked;
    sum->took_ms += part->took_ms;
}

/* Level 2's own are among level 3's extensions: they are summed up once. */
static void print_levels(FILE *out, const struct tally level[4], bool drawn)
{
    struct tally sum = level[1];
    struct tally two = level[1], three = level[1];

    add(&two, &level[2]);
    add(&three, &level[3]);
    print_tally(out, "to 1", "GB 18030-2022 level 1", &sum, drawn);
    print_tally(out, "to 2", "GB 18030-2022 level 2", &two, drawn);
    print_tally(out, "to 3", "GB 18030-2022 level 3", &three, drawn);
}

static void print_faces(const struct check *check)
{
    for (int face = 0; face < FACES_TOLD; face++) {
        if (check->by_face[face] > 0)
            fprintf(check->out, "%6d from %s\n", check->by_face[face],
                    fonts_face_family(check->fonts, face));
    }
}

/* 1, 2 or 3; 0: a group that belongs to no level. */
static int level_of(const struct coverage_group *group)
{
    const char *level = group->level;

    return level[0] >= '1' && level[0] <= '3' && !level[1] ? level[0] - '0' : 0;
}

static bool check_all(struct check *check, const struct coverage_list *list)
{
    struct tally levels[4] = {{0}};
    bool drawn = check->size_px > 0, complete = true;

    fprintf(check->out, "%-9s %15s%s %9s\n", "level", "have / of",
            drawn ? "   drawn" : "", "time");
    for (size_t i = 0; i < list->group_count; i++) {
        const struct coverage_group *group = &list->groups[i];
        struct tally tally = check_group(check, list, group);
        print_tally(check->out, group->level, group->name, &tally, drawn);
        add(&levels[level_of(group)], &tally);
        complete = complete && tally.inked == tally.total;
    }
    print_levels(check->out, levels, drawn);
    print_faces(check);
    return complete;
}

bool coverage_print(struct fonts *fonts, const char *list_file,
                    enum type_role role, int size_px, FILE *out, bool *complete,
                    struct problem *problem)
{
    struct coverage_list list = {0};
    struct check check = {
        .fonts = fonts, .role = role, .size_px = size_px, .out = out};

    if (!coverage_list_read(list_file, &list, problem))
        return false;
    check.seen = calloc(1, SEEN_BYTES);
    if (check.seen)
        *complete = check_all(&check, &list);
    else
        problem_set(problem, PROBLEM_SYSTEM, "no memory");
    coverage_list_finish(&list);
    bool checked = check.seen != NULL;
    free(check.seen);
    return checked;
}
