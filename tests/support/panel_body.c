/* The smallest panel of each template, and how tests have panels read. */
#include "tests/support/panel_body.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COMMON "'section': 'quality', 'title': '题'"
#define POINTS "[{'label': 'a', 'value': 1}, {'label': 'b', 'value': 2}]"

#define PICTURE                                                                \
    "{'sha256': '0123456789abcdef0123456789abcdef0123456789abcdef"             \
    "0123456789abcdef', 'type': 'jpeg', 'bytes': 100, 'width': 30,"            \
    " 'height': 20}"

const char *const body_smallest[TEMPLATE_COUNT] = {
    [TEMPLATE_TITLE] = "{'template': 'title', " COMMON "}",
    [TEMPLATE_FIGURE] = "{'template': 'figure', " COMMON ", 'figures':"
                        "[{'value': 760, 'unit': '亿元'}]}",
    [TEMPLATE_FIGURES] = "{'template': 'figures', " COMMON ", 'figures':"
                         "[{'value': 1, 'unit': '个'},"
                         "{'value': 2, 'unit': '个'}]}",
    [TEMPLATE_COMPARISON] = "{'template': 'comparison', " COMMON ", 'figures':"
                            "[{'value': 760, 'unit': '亿元'}],"
                            "'now_label': '2020 年',"
                            "'baseline_label': '2015 年', 'ratio': 1.64}",
    [TEMPLATE_SHARE] = "{'template': 'share', " COMMON ", 'figures':"
                       "[{'value': 70, 'unit': '%'}], 'whole': '财政支出'}",
    [TEMPLATE_YEARS] = "{'template': 'years', " COMMON
                       ", 'years': 6, 'honour': '全市优秀单位'}",
    [TEMPLATE_HONOURS] = "{'template': 'honours', " COMMON
                         ", 'items': [{'text': '樱桃沟'}]}",
    [TEMPLATE_GROWTH] = "{'template': 'growth', " COMMON
                        ", 'unit': '条', 'points': " POINTS "}",
    [TEMPLATE_PLACE] = "{'template': 'place', " COMMON ", 'address': '一楼'}",
    [TEMPLATE_NOTICE] = "{'template': 'notice', " COMMON ", 'body': '文'}",
    [TEMPLATE_COUNTDOWN] = "{'template': 'countdown', " COMMON
                           ", 'until': '2027-01-01T00:00:00+08:00'}",
    [TEMPLATE_QR] = "{'template': 'qr', " COMMON
                    ", 'url': 'https://example.org/', 'caption': '扫一扫'}",
    [TEMPLATE_PHOTO] = "{'template': 'photo', " COMMON ", 'pictures': [" PICTURE
                       "]}",
    [TEMPLATE_POSTER] = "{'template': 'poster', " COMMON
                        ", 'pictures': [" PICTURE "]}",
    [TEMPLATE_SERIES] = "{'template': 'series', " COMMON
                        ", 'pictures': [" PICTURE ", " PICTURE "]}",
    [TEMPLATE_SITUATION] = "{'template': 'situation', " COMMON
                           ", 'date': '2021-07-20T18:30:00+08:00'}",
};

bool body_reads_panel(json_t *object, struct panel *panel,
                      struct problem *problem)
{
    *problem = (struct problem){0};
    bool fine = panel_read(object, panel, NULL, problem);
    assert_int_equal(problem->code, fine ? PROBLEM_NONE : PROBLEM_FIELD);
    return fine;
}

void body_assert_panel(json_t *object, struct panel *panel)
{
    struct problem problem;

    if (!body_reads_panel(object, panel, &problem))
        fail_msg("%s: %s", problem.field, problem.expected);
}
