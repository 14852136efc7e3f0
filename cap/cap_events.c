/* The confirmed event codes. A missing code does little harm, because the
 * headline names the event too; a wrong code would show another event. */
#include "cap/cap_events.h"

#include <stdlib.h>
#include <string.h>

const struct cap_event cap_events[] = {
    {"11A01", "洪水"},     {"11B01", "台风"},
    {"11B03", "暴雨"},     {"11B04", "暴雪"},
    {"11B05", "寒潮"},     {"11B06", "大风"},
    {"11B07", "沙尘暴"},   {"11B09", "高温"},
    {"11B14", "雷电"},     {"11B15", "冰雹"},
    {"11B16", "霜冻"},     {"11B17", "大雾"},
    {"11B19", "霾"},       {"11B20", "雷雨大风"},
    {"11B21", "道路结冰"}, {"11B22", "干旱"},
    {"11B23", "海上大风"}, {"11B25", "森林火险"},
    {"11B29", "重污染"},   {"11B31", "强对流"},
    {"11B34", "寒冷"},     {"11B37", "地质灾害气象风险"},
    {"11B43", "雷暴"},     {"11B44", "停课信号"},
    {"11B56", "低温"},     {"11E02", "风暴潮"},
    {"11E06", "海浪"},
};
const size_t cap_event_count = sizeof cap_events / sizeof cap_events[0];

static int compare(const void *code, const void *event)
{
    return strcmp(code, ((const struct cap_event *)event)->code);
}

const char *cap_event_name(const char *code)
{
    const struct cap_event *found = bsearch(code, cap_events, cap_event_count,
                                            sizeof cap_events[0], compare);

    return found ? found->name : NULL;
}
