/* Where a page may end within a text, and which words are said again where a
 * clause is broken. In the tables | is an end behind a comma or better, ^ one
 * of a list, which is taken where nothing better is. */
#include "display/core/typeset/clause.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT_BYTES = 1024 };

static void check_ends(const char *marked)
{
    char text[TEXT_BYTES] = "", found[2 * TEXT_BYTES] = "";
    struct clauses clauses;
    size_t at = 0;
    for (const char *c = marked; *c != '\0'; c++) {
        if (*c != '|' && *c != '^')
            text[at++] = *c;
    }
    assert_true(clauses_find(text, at, &clauses));
    uint32_t from = 0;
    size_t out = 0;
    for (size_t i = 0; i < clauses.count; i++) {
        const struct clause *clause = &clauses.items[i];
        const char *mark = clause->end <= CLAUSE_END_LIST ? "^" : "|";
        out += (size_t)snprintf(found + out, sizeof found - out, "%.*s%s",
                                (int)(clause->text.to - from), text + from,
                                i + 1 < clauses.count ? mark : "");
        from = clause->text.to;
    }
    assert_string_equal(found, marked);
    clauses_finish(&clauses);
}

static void a_page_ends_behind_a_stop_and_never_within_a_clause(void **state)
{
    static const char *const texts[] = {
        "",
        "立即转移到高处",
        "停止外出，^离开低洼处",
        "不要涉水，|不要开车闯积水，|不要留在地下空间。",
        "请打开门窗，|关闭燃气总阀，|不要使用任何电器。|注意安全！",
        "电梯停运；|请走楼梯。|谢谢",
        "老人、^孩子、^病人先走",
        "一、请关窗。|十二、请锁门。|2. 请断电。",
        "真的吗？！|是的……|走吧",
        "第一段。|\n第二段|\n第三段",
        "Move to higher ground now.| Do not wade!| Wait here",
        "Stay calm,| go to the hall;| follow the signs",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        check_ends(texts[i]);
}

static void a_list_that_is_forbidden_is_not_parted_from_the_word(void **state)
{
    static const char *const texts[] = {
        "不要开灯、打电话",
        "不要开灯、打电话，|不要乘坐电梯",
        "不要开灯、打电话，或使用电器",
        "严禁无证驾驶、无照经营",
        "不要开灯、^不要打电话",
        "老人、^孩子不要靠近河道、水库",
        "严禁在楼道停车，^私拉电线充电。|请配合",
        "Do not run, push or shout.| Thank you",
        "Never use lifts, phones, or lights",
        "因未按时报名，|请来窗口",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        check_ends(texts[i]);
}

static void a_dot_that_belongs_to_a_number_ends_nothing(void **state)
{
    static const char *const texts[] = {
        "降雨量 38.5 毫米，|水位 1,000.25 米",
        "10:30 至 11:45 停水",
        "电话 0371-6699.1190，|网址 https://www.example.org/a?b=1;c,d",
        "来信至 dxl_dj@zzerqi.gov.cn。|谢谢",
        "Mr. Wang,| No. 36 Huaihe Road.| Call 3.5 km away",
        "版本 v1.2.3,|可用",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        check_ends(texts[i]);
    }
}

static void brackets_and_quotations_stay_whole(void **state)
{
    static const char *const texts[] = {
        "开展“敲门、行动，检查”活动，|请配合",
        "他说：“快走！不要回头。”|大家走了",
        "（雨天、雪天，停开）照常开放",
        "依据《消防法》，|处罚（一、二、三）。|完",
        "没有合上（一句，|又一句。|完",
        "He said \"go, now. Quickly\" and left,| then",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        check_ends(texts[i]);
}

static void a_line_broken_by_hand_keeps_its_word(void **state)
{
    (void)state;
    check_ends("不要\n涉水");
    check_ends("停止外出，^\n离开低洼处");
}

/* The clause's negation, and what is said again in its middle. */
static void check_negation(const char *text, const char *word,
                           const char *before, const char *again)
{
    struct clauses clauses;
    assert_true(clauses_find(text, strlen(text), &clauses));
    assert_int_equal(clauses.count, 1);
    const struct clause *clause = &clauses.items[0];
    struct clause_range found = clause->negation;
    assert_int_equal(found.to - found.from, strlen(word));
    assert_memory_equal(text + found.from, word, strlen(word));
    uint32_t at = (uint32_t)strlen(before);
    assert_memory_equal(text, before, at);
    found = clause_repeats(text, clause, at);
    assert_int_equal(found.to - found.from, strlen(again));
    assert_memory_equal(text + found.from, again, strlen(again));
    clauses_finish(&clauses);
}

static void a_broken_prohibition_says_its_word_again(void **state)
{
    (void)state;
    check_negation("不要开车闯积水", "不要", "不要开车", "不要");
    check_negation("请勿靠近未封闭的井口", "请勿", "请勿靠近未封闭的", "请勿");
    check_negation("未成年人请勿入内", "请勿", "未成年人", "");
    check_negation("不涉水过河", "不", "不涉水", "不");
    check_negation("特别提醒居民注意", "", "特别提醒", "");
    check_negation("Do not use the lift in this house", "Do not",
                   "Do not use the ", "Do not");
    check_negation("You don't have to pay", "don't", "You don't have ",
                   "don't");
    check_negation("Notices stand here", "", "Notices ", "");
    check_negation("见 No. 36 号院", "", "见 ", "");
}

static void check_break(const char *text, size_t most, const char *expected)
{
    struct clauses clauses;
    struct line_breaks breaks;
    assert_true(clauses_find(text, strlen(text), &clauses));
    struct clause first = clauses.items[0];
    assert_true(line_breaks_find(text + first.text.from,
                                 first.text.to - first.text.from, true,
                                 &breaks));
    uint32_t at = clause_break(text, &first, &breaks, 0, (uint32_t)most);
    line_breaks_finish(&breaks);
    assert_int_equal(at, strlen(expected));
    assert_memory_equal(text, expected, strlen(expected));
    clauses_finish(&clauses);
}

static void
a_clause_is_broken_between_words_behind_what_is_forbidden(void **state)
{
    (void)state;
    check_break("不要开车闯积水", strlen("不要开车闯"), "不要开车");
    check_break("不要开车闯积水", strlen("不要"), "");
    check_break("居民不要开车", strlen("居民不要"), "居民");
    check_break("Do not use the lift", strlen("Do not u"), "");
    check_break("Do not use the lift", strlen("Do not use "), "Do not use ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_ends_behind_a_stop_and_never_within_a_clause),
        cmocka_unit_test(a_list_that_is_forbidden_is_not_parted_from_the_word),
        cmocka_unit_test(a_dot_that_belongs_to_a_number_ends_nothing),
        cmocka_unit_test(brackets_and_quotations_stay_whole),
        cmocka_unit_test(a_line_broken_by_hand_keeps_its_word),
        cmocka_unit_test(a_broken_prohibition_says_its_word_again),
        cmocka_unit_test(
            a_clause_is_broken_between_words_behind_what_is_forbidden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
