/* How good the lines of body text are: against a browser's, and by the law of
 * holes. Both are measured here anew, from what stands on each line. */
#include "base/utf8.h"
#include "display/core/typeset/typeset.h"
#include "source_dir.h"
#include "tests/support/fonts_here.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uchar.h>

#include <cmocka.h>

enum {
    BROWSER_EM_PX = 73,
    PARAGRAPHS = 17,
    TEXT_BYTES = 1024,
    RUNS_MAX = 32,
    LINES_MAX = 64,
    EM_PX = 20,
};

/* Points of badness. A line that is h % empty has h * h / 100. */
enum {
    POINTS_PARTED = 100,  /* a run that had to stay on one line */
    POINTS_EDGE = 100,    /* a mark where a line must not begin or end */
    POINTS_TOO_WIDE = 50, /* a line that runs out of the measure */
    POINTS_SINGLE = 10,   /* a last line of one character */
};

struct range {
    size_t from, to; /* bytes */
};

struct paragraph {
    char text[TEXT_BYTES];
    struct range runs[RUNS_MAX];
    size_t run_count;
};

/* A paragraph's lines, whoever has broken them. */
struct lines {
    char strings[TEXT_BYTES * 2];
    const char *at[LINES_MAX];
    size_t count;
};

struct setting {
    const struct type_metrics *metrics;
    int size_px;
    int width_px;
};

static double width_px(const char *text, const struct setting *setting)
{
    struct typeset_style style = {.size_px = setting->size_px};

    return (double)typeset_width(text, &style, setting->metrics) / TYPE_PIXEL;
}

/* Takes the marks out of a paragraph. */
static void read_paragraph(const char *line, struct paragraph *out)
{
    size_t bytes = 0;

    *out = (struct paragraph){0};
    while (*line && *line != '\n') {
        const char *start = line;
        char32_t c = utf8_next(&line);
        if (c == U'⟦') {
            assert_true(out->run_count < RUNS_MAX);
            out->runs[out->run_count].from = bytes;
        } else if (c == U'⟧') {
            out->runs[out->run_count++].to = bytes;
        } else {
            memcpy(out->text + bytes, start, (size_t)(line - start));
            bytes += (size_t)(line - start);
        }
    }
}

static void add_line(struct lines *lines, const char *text, size_t bytes)
{
    char *end = lines->count == 0
                    ? lines->strings
                    : strchr(lines->at[lines->count - 1], '\0') + 1;

    assert_true(lines->count < LINES_MAX);
    memcpy(end, text, bytes);
    end[bytes] = '\0';
    lines->at[lines->count++] = end;
}

static struct lines *ours(const char *text, const struct setting *setting)
{
    static struct lines lines;
    struct typeset_style style = {.size_px = setting->size_px,
                                  .align = TYPESET_JUSTIFY};
    struct typeset_block *block =
        typeset_create(text, &style, setting->width_px, setting->metrics);

    assert_non_null(block);
    lines.count = 0;
    for (size_t i = 0; i < block->line_count; i++)
        add_line(&lines, block->lines[i].text, strlen(block->lines[i].text));
    typeset_destroy(block);
    return &lines;
}

static struct lines *parted_by_bars(const char *text)
{
    static struct lines lines;

    lines.count = 0;
    while (*text && *text != '\n') {
        size_t bytes = strcspn(text, "|\n");
        add_line(&lines, text, bytes);
        text += bytes + (text[bytes] == '|');
    }
    return &lines;
}

/* Runs that fit on a line and go on behind the byte `end`. */
static int parted_runs(const struct paragraph *paragraph, size_t end,
                       const struct setting *setting)
{
    int parted = 0;

    for (size_t i = 0; i < paragraph->run_count; i++) {
        struct range run = paragraph->runs[i];
        char text[TEXT_BYTES] = "";
        memcpy(text, paragraph->text + run.from, run.to - run.from);
        parted += run.from < end && end < run.to &&
                  width_px(text, setting) <= setting->width_px;
    }
    return parted;
}

static bool is_in(char32_t character, const char32_t *set)
{
    while (*set && *set != character)
        set++;
    return *set;
}

static char32_t last_character(const char *text)
{
    char32_t last = 0;

    while (*text)
        last = utf8_next(&text);
    return last;
}

static int bad_edges(const char *line, const char *next)
{
    return is_in(utf8_next(&next), U"、，。．；：！？…—～·）》」』】〉〕”’℃%") +
           is_in(last_character(line), U"（《「『【〈〔“‘￥");
}

static double line_points(const char *line, bool last,
                          const struct setting *setting)
{
    struct typeset_style style = {.size_px = setting->size_px};
    struct typeset_block *block =
        typeset_create(line, &style, setting->width_px, setting->metrics);
    bool fits = block->line_count == 1;
    double hole = 100 - 100 * width_px(line, setting) / setting->width_px;

    typeset_destroy(block);
    if (!fits)
        return POINTS_TOO_WIDE;
    return last || hole < 0 ? 0 : hole * hole / 100;
}

static int letters_of(const char *line)
{
    int letters = 0;

    while (*line)
        letters += !is_in(utf8_next(&line),
                          U"、，。．；：！？…—～）》」』】〉〕”’ ");
    return letters;
}

static double badness(const struct paragraph *paragraph,
                      const struct lines *lines, const struct setting *setting)
{
    size_t at = 0;
    double points = 0;

    for (size_t i = 0; i < lines->count; i++) {
        const char *line = lines->at[i];
        bool last = i + 1 == lines->count;
        while (paragraph->text[at] == ' ')
            at++;
        assert_memory_equal(paragraph->text + at, line, strlen(line));
        at += strlen(line);
        points += line_points(line, last, setting);
        if (!last) {
            points += POINTS_PARTED * parted_runs(paragraph, at, setting);
            points += POINTS_EDGE * bad_edges(line, lines->at[i + 1]);
        } else if (letters_of(line) == 1) {
            points += POINTS_SINGLE;
        }
    }
    assert_int_equal(paragraph->text[at], '\0');
    return points;
}

static void print_lines(const char *who, double points,
                        const struct lines *lines)
{
    print_error("%s, %.1f:", who, points);
    for (size_t i = 0; i < lines->count; i++)
        print_error(" %s%s", lines->at[i], i + 1 < lines->count ? " |" : "\n");
}

/* Whether our lines are no worse; both are told if they are. */
static bool no_worse(const struct paragraph *paragraph, const char *row,
                     const struct type_metrics *metrics)
{
    struct setting setting = {metrics, BROWSER_EM_PX, atoi(row)};
    struct lines *browser = parted_by_bars(strchr(row, '\t') + 1);
    struct lines *own = ours(paragraph->text, &setting);
    double theirs = badness(paragraph, browser, &setting);
    double points = badness(paragraph, own, &setting);

    if (getenv("GAOSHI_LINES") == NULL && points <= theirs)
        return true;
    print_error("%d px\n", setting.width_px);
    print_lines("ours", points, own);
    print_lines("browser", theirs, browser);
    return points <= theirs;
}

static void no_paragraph_is_set_worse_than_by_a_browser(void **state)
{
    struct fonts *fonts = fonts_here();
    FILE *file = fopen(GAOSHI_SOURCE_DIR "/tests/typeset/browser_lines.txt",
                       "r");
    char row[TEXT_BYTES * 2];
    struct paragraph paragraph;
    int paragraphs = 0, worse = 0;

    (void)state;
    assert_non_null(file);
    while (fgets(row, sizeof row, file)) {
        if (row[0] == '#' || row[0] == '\n')
            continue;
        if (strchr(row, '\t')) {
            worse += !no_worse(&paragraph, row, fonts_metrics(fonts));
        } else {
            read_paragraph(row, &paragraph);
            paragraphs++;
        }
    }
    fclose(file);
    fonts_destroy(fonts);
    assert_int_equal(paragraphs, PARAGRAPHS);
    assert_int_equal(worse, 0);
}

/* The unit that begins at the byte `from`, up to the next place where a line
 * may well end. */
static size_t unit_end(const struct line_breaks *breaks, size_t from)
{
    for (size_t i = 0; i + 1 < breaks->count; i++) {
        if (breaks->points[i].start == from &&
            breaks->points[i].codepoint == ' ')
            from++;
        else if (breaks->points[i].start >= from &&
                 breaks->points[i].after >= LINE_BREAK_ALLOWED)
            return breaks->points[i + 1].start;
    }
    return SIZE_MAX;
}

/* Whether the line's hole would hold the unit that begins the next line. A
 * line before the last may have given a character so that the last has two. */
static bool has_hole(const struct typeset_block *block, size_t i,
                     const char *text, const struct line_breaks *breaks)
{
    const struct typeset_line *line = &block->lines[i];
    struct setting setting = {&type_metrics_plain, EM_PX, block->width_px};
    char more[TEXT_BYTES];

    if (line->ends_paragraph ||
        width_px(line->text, &setting) * 5 >= block->width_px * 4)
        return false;
    size_t end = unit_end(breaks, line->end_bytes);
    if (end == SIZE_MAX || (block->lines[i + 1].ends_paragraph &&
                            letters_of(block->lines[i + 1].text) <= 2))
        return false;
    size_t start = i > 0 ? block->lines[i - 1].end_bytes : 0;
    snprintf(more, sizeof more, "%.*s", (int)(end - start), text + start);
    return width_px(more, &setting) <= block->width_px;
}

static void check_holes(const char *text, int width)
{
    struct typeset_style style = {.size_px = EM_PX, .align = TYPESET_JUSTIFY};
    struct typeset_block *block = typeset_create(text, &style, width,
                                                 &type_metrics_plain);
    struct line_breaks breaks;

    assert_true(line_breaks_find(text, strlen(text), false, &breaks));
    for (size_t i = 0; i < block->line_count; i++) {
        if (has_hole(block, i, text, &breaks))
            fail_msg("%s\n%d em, line %zu has a hole: %s", text, width / EM_PX,
                     i + 1, block->lines[i].text);
    }
    line_breaks_finish(&breaks);
    typeset_destroy(block);
}

static void no_line_has_a_hole_that_the_next_unit_would_fill(void **state)
{
    FILE *file = fopen(GAOSHI_SOURCE_DIR "/tests/typeset/kinsoku.txt", "r");
    char row[TEXT_BYTES];
    struct paragraph paragraph;

    (void)state;
    assert_non_null(file);
    while (fgets(row, sizeof row, file)) {
        if (row[0] == '#' || row[0] == '\n')
            continue;
        read_paragraph(row, &paragraph);
        for (int ems = 8; ems <= 30; ems++)
            check_holes(paragraph.text, ems * EM_PX);
    }
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_line_has_a_hole_that_the_next_unit_would_fill),
        cmocka_unit_test(no_paragraph_is_set_worse_than_by_a_browser),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
