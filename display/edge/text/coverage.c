/* Checks the chain of fonts against a list of characters, group by group. */
#include "display/edge/text/coverage.h"

#include "base/clock.h"
#include "display/edge/text/coverage_list.h"

#include <stdlib.h>
#include <string.h>

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
