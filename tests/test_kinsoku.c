/* 避头尾: texts of public information at 61 widths. The rules are written
 * down here anew from CLREQ, not shared with the code under test. */
#include "base/utf8.h"
#include "display/core/typeset/typeset.h"
#include "source_dir.h"

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
    EM_PX = 20,
    WIDTHS = 61, /* 1 em, 1.5 em, … 31 em */
    TEXTS_LEAST = 200,
    CHARACTERS_MAX = 400,
};

static const char32_t no_start[] =
    U"、，。．；：！？…—–～〜·・／）》」』】〉〕］｝〗”’!,.:;?)]}%‰℃°′″％㎡/~∶";
static const char32_t no_end[] = U"（《「『【〈〔［｛〖“‘([{￥¥$€£／/±≤≥<";
static const char32_t qualifiers[] = U"超约近逾第";
static const char32_t surplus[] = U"余多+";
static const char *const units[] = {
    "毫米",     "厘米",   "公里", "平方公里", "平方米",   "万平方米", "立方米",
    "微克",     "千瓦时", "千瓦", "公斤",     "吨",       "米",       "元",
    "亿元",     "万元",   "万户", "万人次",   "万人",     "万个",     "人次",
    "人",       "户",     "个",   "名",       "项",       "年",       "月",
    "日",       "时",     "分",   "秒",       "分钟",     "小时",     "天",
    "周岁",     "岁",     "级",   "倍",       "号线",     "号",       "条",
    "所",       "张",     "处",   "次",       "场",       "册",       "封",
    "份",       "斤",     "折",   "台",       "枚",       "顶",       "床",
    "箱",       "支",     "排",   "站",       "个百分点", "万千瓦时", "月份",
    "个工作日", "万多人", "万名", "场次",     "万场次",   "MB",       "V",
    "A",        "ppm",    "周年", "批",       "卷",       "页",       "版",
    "万",       "多人次", "多人", "余人",     "多万元",   "℃",        "%",
};

/* A text with the marks ⟦ ⟧ taken out. held: no break may come between the
 * character and the next one; bound: that is so for the marks alone. */
struct sample {
    char text[CHARACTERS_MAX * 4];
    char32_t characters[CHARACTERS_MAX];
    size_t starts[CHARACTERS_MAX + 1];
    size_t count;
    bool bound[CHARACTERS_MAX];
    bool held[CHARACTERS_MAX];
};

static bool is_in(char32_t character, const char32_t *set)
{
    for (; *set; set++) {
        if (*set == character)
            return true;
    }
    return false;
}

static bool is_digit(char32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_ascii(char32_t c)
{
    return c > ' ' && c < 0x7F;
}

static bool is_white(char32_t c)
{
    return c == ' ' || c == 0x3000;
}

static void hold(struct sample *sample, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        sample->held[i] = true;
}

static void read_characters(struct sample *sample, const char *line)
{
    size_t opened = SIZE_MAX, bytes = 0;

    while (*line) {
        const char *start = line;
        char32_t c = utf8_next(&line);
        if (c == U'⟦') {
            opened = sample->count;
        } else if (c == U'⟧') {
            hold(sample, opened, sample->count - 1);
        } else {
            assert_true(sample->count < CHARACTERS_MAX - 1);
            sample->characters[sample->count] = c;
            sample->starts[sample->count++] = bytes;
            memcpy(sample->text + bytes, start, (size_t)(line - start));
            bytes += (size_t)(line - start);
        }
    }
    sample->starts[sample->count] = bytes;
}

/* The solidus of an address does not part two words, and its dot may begin a
 * line. */
static bool is_in_address(const struct sample *sample, size_t i)
{
    size_t from = i, to = i;

    while (from > 0 && is_ascii(sample->characters[from - 1]))
        from--;
    while (to < sample->count && is_ascii(sample->characters[to]))
        to++;
    if (strncmp(sample->text + sample->starts[from], "www.", 4) == 0)
        return true;
    for (size_t k = from; k + 2 < to; k++) {
        if (sample->characters[k] == ':' && sample->characters[k + 1] == '/')
            return true;
        if (sample->characters[k + 1] == '@')
            return true;
    }
    return false;
}

static size_t skip_white(const struct sample *sample, size_t i)
{
    while (i < sample->count && is_white(sample->characters[i]))
        i++;
    return i;
}

static void bind_marks(struct sample *sample)
{
    for (size_t i = 0; i + 1 < sample->count; i++) {
        size_t next = skip_white(sample, i + 1);
        char32_t left = sample->characters[i];
        if (is_white(left) || next >= sample->count)
            continue;
        char32_t right = sample->characters[next];
        bool address = left == '/' && is_in_address(sample, i);
        bool binds = (is_in(left, no_end) && !address) ||
                     (is_in(right, no_start) &&
                      !(is_in(right, U"/.") && is_in_address(sample, next)));
        for (size_t k = i; binds && k < next; k++)
            sample->bound[k] = sample->held[k] = true;
    }
}

static size_t unit_length(const struct sample *sample, size_t i)
{
    size_t longest = 0;

    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        size_t bytes = strlen(units[u]);
        bool found = strncmp(sample->text + sample->starts[i], units[u],
                             bytes) == 0;
        if (found && utf8_length(units[u]) > longest)
            longest = utf8_length(units[u]);
    }
    return longest;
}

/* Words and codes of ASCII, and digits with what belongs to them. */
static void hold_runs(struct sample *sample)
{
    const char32_t *c = sample->characters;

    for (size_t i = 0; i + 1 < sample->count; i++) {
        size_t next = skip_white(sample, i + 1);
        if (is_ascii(c[i]) && is_ascii(c[i + 1]))
            hold(sample, i, i + 1);
        if (next >= sample->count)
            continue;
        if (is_in(c[i], qualifiers) && is_digit(c[next]))
            hold(sample, i, next);
        bool code = i > 0 && is_ascii(c[i - 1]) && !is_digit(c[i - 1]) &&
                    !is_in(c[i - 1], U".,:-$<=>");
        if (!is_digit(c[i]) || code)
            continue;
        if (is_in(c[next], surplus))
            hold(sample, i, next);
        size_t length = unit_length(sample, next);
        if (length > 0)
            hold(sample, i, next + length - 1);
    }
}

/* A date may be parted only where it must be: not to save a last line. */
static bool is_date_joint(const struct sample *sample, size_t i)
{
    size_t next = skip_white(sample, i + 1);

    return is_in(sample->characters[i], U"年月日时分") &&
           next < sample->count && is_digit(sample->characters[next]);
}

static type_length width_of(const struct sample *sample, size_t from, size_t to)
{
    char part[CHARACTERS_MAX * 4];
    size_t bytes = sample->starts[to] - sample->starts[from];
    struct typeset_style style = {.size_px = EM_PX};

    memcpy(part, sample->text + sample->starts[from], bytes);
    part[bytes] = '\0';
    return typeset_width(part, &style, &type_metrics_plain);
}

/* The characters that must stay together around i and i + 1. */
static bool run_fits(const struct sample *sample, const bool *together,
                     size_t i, type_length measure)
{
    size_t from = i, to = i + 1;

    while (from > 0 && together[from - 1])
        from--;
    while (to < sample->count && together[to - 1])
        to++;
    return width_of(sample, from, to) <= measure;
}

struct trial {
    const struct sample *sample;
    type_length measure;
    const char *style;
};

static void fail_trial(const struct trial *trial, const char *what,
                       const struct typeset_block *block)
{
    print_error("%s\n%s at %.1f em, %s:\n", trial->sample->text, what,
                (double)trial->measure / TYPE_PIXEL / EM_PX, trial->style);
    for (size_t i = 0; i < block->line_count; i++)
        print_error("    %s\n", block->lines[i].text);
    fail();
}

static void check_break(const struct trial *trial, size_t left, size_t right,
                        const struct typeset_block *block)
{
    const struct sample *sample = trial->sample;
    size_t at = left;

    while (at < right && sample->held[at])
        at++;
    if (at < right)
        return;
    bool mark = sample->bound[left];
    if (mark && run_fits(sample, sample->bound, left, trial->measure))
        fail_trial(trial, "a mark at a line's edge", block);
    if (run_fits(sample, sample->held, left, trial->measure))
        fail_trial(trial, "a run is parted", block);
}

static bool is_mark(char32_t c)
{
    return (is_in(c, no_start) || is_in(c, no_end)) &&
           !is_in(c, U"%‰℃°′″％㎡￥¥$€£<≤≥±");
}

static size_t letters_between(const struct sample *sample, size_t from,
                              size_t to)
{
    size_t letters = 0;

    for (size_t i = from; i < to; i++)
        letters += !is_mark(sample->characters[i]) &&
                   !is_white(sample->characters[i]);
    return letters;
}

/* Could the line before give something to the last one? */
static void check_last_line(const struct trial *trial, size_t before,
                            size_t last, const struct typeset_block *block)
{
    const struct sample *sample = trial->sample;

    if (letters_between(sample, last, sample->count) > 1)
        return;
    for (size_t at = last - 1; at > before; at--) {
        if (width_of(sample, at, sample->count) > trial->measure)
            return;
        if (sample->held[at - 1] || is_date_joint(sample, at - 1) ||
            is_white(sample->characters[at]))
            continue;
        if (letters_between(sample, at, sample->count) > 1)
            fail_trial(trial, "a last line of one character", block);
    }
}

/* Walks lines and text side by side: all of the text must come back. */
static void check_lines(const struct trial *trial,
                        const struct typeset_block *block)
{
    const struct sample *sample = trial->sample;
    size_t at = 0, start = 0, before = 0;

    for (size_t i = 0; i < block->line_count; i++) {
        const struct typeset_line *line = &block->lines[i];
        size_t left = at;
        at = skip_white(sample, at);
        size_t length = utf8_length(line->text);
        if (strncmp(line->text, sample->text + sample->starts[at],
                    strlen(line->text)) != 0)
            fail_trial(trial, "text is lost", block);
        if (line->width > trial->measure && length > 1)
            fail_trial(trial, "wider than the measure", block);
        if (i > 0)
            check_break(trial, left - 1, at, block);
        before = start;
        start = at;
        at += length;
    }
    if (skip_white(sample, at) != sample->count)
        fail_trial(trial, "the end is lost", block);
    if (block->line_count > 1)
        check_last_line(trial, before, start, block);
}

static void check_sample(const struct sample *sample)
{
    static const struct {
        const char *name;
        struct typeset_style style;
    } styles[] = {
        {"left", {.size_px = EM_PX, .align = TYPESET_LEFT}},
        {"justified", {.size_px = EM_PX, .align = TYPESET_JUSTIFY}},
        {"balanced", {.size_px = EM_PX, .balanced = true}},
    };

    for (size_t s = 0; s < sizeof styles / sizeof *styles; s++) {
        for (int i = 0; i < WIDTHS; i++) {
            int width_px = EM_PX + i * EM_PX / 2;
            struct trial trial = {sample, width_px * TYPE_PIXEL,
                                  styles[s].name};
            struct typeset_block *block = typeset_create(
                sample->text, &styles[s].style, width_px, &type_metrics_plain);
            assert_non_null(block);
            check_lines(&trial, block);
            typeset_destroy(block);
        }
    }
}

static void no_rule_is_broken_at_any_width(void **state)
{
    (void)state;
    char line[CHARACTERS_MAX * 4];
    size_t texts = 0;
    FILE *file = fopen(GAOSHI_SOURCE_DIR "/tests/typeset/kinsoku.txt", "r");

    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#' || line[0] == '\0')
            continue;
        struct sample sample = {0};
        read_characters(&sample, line);
        bind_marks(&sample);
        hold_runs(&sample);
        check_sample(&sample);
        texts++;
    }
    fclose(file);
    assert_true(texts >= TEXTS_LEAST);
    print_message("%zu texts at %d widths in 3 styles\n", texts, WIDTHS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_rule_is_broken_at_any_width),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
