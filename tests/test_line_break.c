/* Where a line may end: our own rules one by one, and Unicode's test of
 * UAX #14 with every deviation counted and given its reason. */
#include "base/utf8.h"
#include "display/core/typeset/line_break.h"
#include "tests/support/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>

#include <cmocka.h>

#define UNICODE_TEST "/usr/share/unicode/auxiliary/LineBreakTest.txt"
#define DEVIATIONS "tests/typeset/line_break_deviations.txt"

enum { TEXT_BYTES = 512, PAIRS_MAX = 2000 };

/* The marks in an expectation: what the break before the next character must
 * be. Where no mark stands, anything may be. */
static const struct {
    const char *mark;
    enum line_break least, most;
} marks[] = {
    {"×", LINE_BREAK_INSIDE, LINE_BREAK_PART},
    {"¦", LINE_BREAK_PART, LINE_BREAK_PART},
    {"┊", LINE_BREAK_RELUCTANT, LINE_BREAK_RELUCTANT},
    {"÷", LINE_BREAK_ALLOWED, LINE_BREAK_ALLOWED},
    {"¶", LINE_BREAK_MANDATORY, LINE_BREAK_MANDATORY},
};

static const struct {
    const char *rule;
    const char *text;
} rules[] = {
    {"Han break anywhere", "二÷七÷区"},
    {"marks never begin a line", "二×、七×，区×。好×；好×：好×！好×？好"},
    {"closing marks never begin one", "二×》七×」区×』好×】好×〉好×）好×”好×’"},
    {"opening marks never end one", "《×二「×七『×区【×好〈×好（×好“×好‘×好"},
    {"connectors never begin one", "京×—广，京×～广，京×–广，京×〜广"},
    {"pauses never begin one", "好×…×…÷好，好×—×—÷好"},
    {"white space changes nothing", "好 ×，好，（ ×好，好 ×…好"},
    {"a solidus stands at no edge", "品×／×质，品×/×质，品 ×/ ×质"},
    {"symbols follow digits", "7×0×%，7×0×‰，3×8×℃，9×0×㎡，3×0×°"},
    {"currency stands before digits", "共÷￥×128，共÷€×5，共÷$×5"},
    {"currency may stand behind digits", "5×￥ ÷起"},
    {"nested brackets stay together", "（×《×「×好×」×》×）"},
    {"between two quotations a line may end", "好×”÷“×好"},
    {"curly quotes break on their outer side", "他÷说×：÷“×好×。×”÷我"},
    {"curly quotes beside Latin", "说÷“×OK×”÷我，在÷“×一×”÷2021"},
    {"single ones too", "就÷有÷‘×主×’÷他，：÷‘×OK×’÷是"},
    {"an apostrophe is no quote", "don×’×t"},
    {"a decimal stays whole", "3×8×.×5×℃"},
    {"a number keeps its unit", "5×0×毫×米÷多"},
    {"a space before a unit never breaks", "50 ×毫×米，8 ×月，4.6 ×倍"},
    {"multipliers stay with the number", "948 ×万×平×方×米，2840 ×亿×元"},
    {"余 and 多 stay with the digits", "6600 ×余×人，100 ×多×万×人×次"},
    {"+ stays with the digits", "3.5 ×万×+¦人"},
    {"超 约 近 第 stay with the digits", "超¦70%，约 ¦50，近¦20，第 ¦2 ×批"},
    {"two-character qualifiers too", "超×过¦70，不×足 ¦200 ×米"},
    {"4A and its level", "4×A ×级÷景÷区"},
    {"levels in Roman numerals", "Ⅳ×级÷响，Ⅲ ×级÷响"},
    {"letters of places and lines", "A ×座，B2 ×路，K906 ×路"},
    {"a date breaks reluctantly", "2021 ×年 ┊7 ×月 ┊20 ×日÷好"},
    {"a time too", "18 ×时 ┊30 ×分÷好"},
    {"clock times stay whole", "8×:×0×0，18×：×42"},
    {"times keep what bounds them", "8×:×0×0 ¦前，5 ×日¦起，8:00 ÷前÷往"},
    {"ranges break behind the dash", "8:00×—¦12:00，10×～¦15"},
    {"ranges between units", "3×℃×～¦5×℃，1 ×日×—¦8 ×日"},
    {"a minus is no dash", "零÷下 ÷-×5×℃"},
    {"a phone number stays whole", "0×3×7×1×-×6×8×1×8×6×0×0×0"},
    {"versions stay whole", "v×2×.×1×0×.×3"},
    {"C++ stays whole", "和 ÷C×+×+ ÷与"},
    {"PM2.5 stays whole", "P×M×2×.×5÷超"},
    {"Wi-Fi stays whole", "W×i×-×F×i"},
    {"long compounds break at hyphens", "state-÷of-the"},
    {"capitals keep their number", "GB ¦18030，ISO ¦9001"},
    {"names with interpuncts", "民÷艾×力×·¦买×买×提÷告"},
    {"three parts of a name", "约×翰×·¦塞×巴×斯×蒂×安×·¦巴×赫÷《"},
    {"an interpunct never begins a line", "七×·┊二"},
    {"dates with an interpunct", "7×·×2×0"},
    {"addresses part at their joints",
     "h×t×t×p×s×:×/×/¦w×w×w¦.×c×n×/¦a×?¦b×=¦c×&¦d"},
    {"short groups in brackets stay whole",
     "日÷（×周¦六×）2×2，做÷（×含¦税×）；÷“×回┊头┊看×”，÷《×民┊法┊典×》，÷“×为"
     "÷民÷办÷实÷事×”"},
    {"a solidus parts no unit",
     "1.8 ×元×/×㎡×·¦天，38.4 ×微×克×/×立¦方¦米，元×/×月，单÷休×/×双÷休"},
    {"mail addresses too", "j×y×@¦z×z¦.×c×n"},
    {"words of English", "T×h×e ÷c×o×n×g×r×e×s×s"},
    {"graphemes never break", "e×\u0301二÷👨×\u200D×👩二÷❤×\uFE0F"},
    {"flags are pairs", "🇨×🇳÷🇨×🇳"},
    {"a no-break space", "二×\u00A0×七"},
    {"a word joiner", "二×\u2060×七"},
    {"line feeds and carriage returns", "二\n¶七\r×\n¶区\r¶好"},
    {"other ends of a line", "二\u2028¶七\xC2\x85"
                             "¶区"},
    {"the end of a text", "二¶"},
};

/* The break's mark at text, if one stands there. */
static int find_mark(const char *text)
{
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (strncmp(text, marks[i].mark, strlen(marks[i].mark)) == 0)
            return (int)i;
    }
    return -1;
}

static void check_rule(const char *rule, const char *expected)
{
    char text[TEXT_BYTES] = {0};
    int wanted[TEXT_BYTES];
    size_t bytes = 0, count = 0;
    struct line_breaks breaks;

    for (const char *at = expected; *at;) {
        int mark = find_mark(at);
        if (mark >= 0) {
            wanted[count - 1] = mark;
            at += strlen(marks[mark].mark);
            continue;
        }
        const char *start = at;
        utf8_next(&at);
        memcpy(text + bytes, start, (size_t)(at - start));
        bytes += (size_t)(at - start);
        wanted[count++] = -1;
    }
    assert_true(line_breaks_find(text, bytes, false, &breaks));
    assert_int_equal(breaks.count, count);
    for (size_t i = 0; i < count; i++) {
        enum line_break after = breaks.points[i].after;
        if (wanted[i] < 0 ||
            (after >= marks[wanted[i]].least && after <= marks[wanted[i]].most))
            continue;
        print_error("%s: %s: character %zu has %d\n", rule, expected, i + 1,
                    after);
        fail();
    }
    line_breaks_finish(&breaks);
}

static void every_rule_holds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        check_rule(rules[i].rule, rules[i].text);
}

static void an_empty_text_has_no_breaks(void **state)
{
    (void)state;
    struct line_breaks breaks;

    assert_true(line_breaks_find("", 0, true, &breaks));
    assert_int_equal(breaks.count, 0);
    line_breaks_finish(&breaks);
}

/* Why a break differs from UAX #14. */
enum reason {
    REASON_GRAPHEME,
    REASON_WHITE_SPACE,
    REASON_LINE_START,
    REASON_LINE_END,
    REASON_KEPT_WHOLE,
    REASON_LIBRARY,
    REASON_COUNT
};

static const struct {
    const char *name, *text;
} reasons[REASON_COUNT] = {
    {"grapheme",
     "# What people see as one character is never divided: UAX #14 breaks\n"
     "# between a space and a mark that combines with it."},
    {"white-space",
     "# A line ends behind all of its white space: UAX #14 breaks between a\n"
     "# space and a tab."},
    {"line-start",
     "# CLREQ lets these begin no line, with or without white space or ZWSP\n"
     "# before them: UAX #14 breaks before — and, behind white space, before\n"
     "# marks that end or join a phrase."},
    {"line-end",
     "# CLREQ lets a solidus, an opening bracket and a currency sign end no\n"
     "# line, with or without white space behind them."},
    {"kept-whole",
     "# Codes, numbers and their units stay whole; some of these are ICU's\n"
     "# own tailoring of hyphens and of commas before digits."},
    {"library", "# ICU 72 breaks before a full stop that begins a decimal."},
};

struct pair {
    enum reason reason;
    uint32_t before, after;
    int times;
};

struct deviations {
    struct pair pairs[PAIRS_MAX];
    size_t count;
    int points; /* compared */
    int deviating;
};

static bool may_not_begin(uint32_t c)
{
    switch (u_getIntPropertyValue((UChar32)c, UCHAR_LINE_BREAK)) {
    case U_LB_CLOSE_PUNCTUATION:
    case U_LB_CLOSE_PARENTHESIS:
    case U_LB_EXCLAMATION:
    case U_LB_INFIX_NUMERIC:
    case U_LB_NONSTARTER:
    case U_LB_CONDITIONAL_JAPANESE_STARTER:
    case U_LB_POSTFIX_NUMERIC:
    case U_LB_INSEPARABLE:
    case U_LB_BREAK_SYMBOLS:
    case U_LB_HYPHEN:
    case U_LB_BREAK_BOTH:
        return true;
    default:
        return u_charType((UChar32)c) == U_FINAL_PUNCTUATION;
    }
}

static enum reason reason_of(uint32_t after, enum line_break level)
{
    if (level >= LINE_BREAK_RELUCTANT)
        return REASON_LIBRARY;
    if (level == LINE_BREAK_INSIDE)
        return u_isUWhiteSpace((UChar32)after) ? REASON_WHITE_SPACE
                                               : REASON_GRAPHEME;
    if (level > LINE_BREAK_PROHIBITED)
        return REASON_KEPT_WHOLE;
    return may_not_begin(after) ? REASON_LINE_START : REASON_LINE_END;
}

static void note_deviation(struct deviations *all, uint32_t before,
                           uint32_t after, enum line_break level)
{
    enum reason reason = reason_of(after, level);

    all->deviating++;
    for (size_t i = 0; i < all->count; i++) {
        struct pair *pair = &all->pairs[i];
        if (pair->reason == reason && pair->before == before &&
            pair->after == after) {
            pair->times++;
            return;
        }
    }
    assert_true(all->count < PAIRS_MAX);
    all->pairs[all->count++] = (struct pair){reason, before, after, 1};
}

/* One line: × 0023 ÷ 0020 ÷ # remark. */
static void run_unicode_line(struct deviations *all, char *line)
{
    char text[TEXT_BYTES] = {0};
    uint32_t codepoints[TEXT_BYTES / 4];
    bool breaks_after[TEXT_BYTES / 4] = {0};
    size_t bytes = 0, count = 0;
    struct line_breaks breaks;

    for (char *word = strtok(line, " \t\n"); word && *word != '#';
         word = strtok(NULL, " \t\n")) {
        bool may = strcmp(word, "÷") == 0;
        if (may || strcmp(word, "×") == 0) {
            if (count > 0)
                breaks_after[count - 1] = may;
            continue;
        }
        codepoints[count] = (uint32_t)strtoul(word, NULL, 16);
        bytes += utf8_put(codepoints[count++], text + bytes);
    }
    assert_true(line_breaks_find(text, bytes, false, &breaks));
    assert_int_equal(breaks.count, count);
    for (size_t i = 0; i + 1 < count; i++) {
        enum line_break level = breaks.points[i].after;
        all->points++;
        if ((level >= LINE_BREAK_RELUCTANT) != breaks_after[i])
            note_deviation(all, codepoints[i], codepoints[i + 1], level);
    }
    line_breaks_finish(&breaks);
}

static int compare_pairs(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;

    if (a->reason != b->reason)
        return a->reason < b->reason ? -1 : 1;
    if (a->before != b->before)
        return a->before < b->before ? -1 : 1;
    return a->after < b->after ? -1 : a->after > b->after;
}

static void write_report(struct deviations *all, FILE *out)
{
    size_t next = 0;

    qsort(all->pairs, all->count, sizeof *all->pairs, compare_pairs);
    fprintf(out,
            "# Where our line breaks differ from LineBreakTest.txt of Unicode"
            " 15: %d of\n# %d places. Each row: reason, code points before and"
            " after the place, times.\n# Written by: test_line_break --print\n",
            all->deviating, all->points);
    for (int reason = 0; reason < REASON_COUNT; reason++) {
        size_t first = next;
        int times = 0;
        for (; next < all->count && (int)all->pairs[next].reason == reason;
             next++)
            times += all->pairs[next].times;
        fprintf(out, "#\n# %s, %d places\n%s\n", reasons[reason].name, times,
                reasons[reason].text);
        for (size_t i = first; i < next; i++)
            fprintf(out, "%s %04X %04X %d\n", reasons[reason].name,
                    (unsigned)all->pairs[i].before,
                    (unsigned)all->pairs[i].after, all->pairs[i].times);
    }
}

/* The report as text; NULL when Unicode's file is not installed. */
static char *report_deviations(void)
{
    static struct deviations all;
    char line[4096];
    char *report = NULL;
    size_t bytes;
    FILE *file = fopen(UNICODE_TEST, "r");

    if (!file)
        return NULL;
    memset(&all, 0, sizeof all);
    while (fgets(line, sizeof line, file)) {
        if (line[0] != '#')
            run_unicode_line(&all, line);
    }
    fclose(file);
    FILE *out = open_memstream(&report, &bytes);
    assert_non_null(out);
    write_report(&all, out);
    fclose(out);
    return report;
}

static void deviations_from_unicode_are_those_listed(void **state)
{
    (void)state;
    char *report = report_deviations();
    size_t bytes;

    if (!report) {
        print_message("skipped: no " UNICODE_TEST
                      " (Debian package unicode-data)\n");
        skip();
    }
    char *listed = source_read(DEVIATIONS, &bytes);
    assert_string_equal(report, listed);
    free(listed);
    free(report);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_holds),
        cmocka_unit_test(an_empty_text_has_no_breaks),
        cmocka_unit_test(deviations_from_unicode_are_those_listed),
    };

    if (argc > 1 && strcmp(argv[1], "--print") == 0) {
        char *report = report_deviations();
        fputs(report ? report : "", stdout);
        free(report);
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
