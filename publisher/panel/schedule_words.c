/* Days of the week and hours, in the words that people type. */
#include "publisher/panel/schedule_words.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The object «schedule», made when it is needed. */
static json_t *schedule_of(json_t *panel, const char *list)
{
    json_t *schedule = json_object_get(panel, "schedule");

    if (!schedule) {
        schedule = json_object();
        json_object_set_new(panel, "schedule", schedule);
    }
    if (!json_object_get(schedule, list))
        json_object_set_new(schedule, list, json_array());
    return json_object_get(schedule, list);
}

static const char *const weekdays[] = {"mon", "tue", "wed", "thu",
                                       "fri", "sat", "sun"};

/* A day of the week at *text: 0 Monday … 6 Sunday; -1: none. */
static int take_weekday(const char **text)
{
    static const char *const names[][3] = {
        {"mon", "一", "1"}, {"tue", "二", "2"}, {"wed", "三", "3"},
        {"thu", "四", "4"}, {"fri", "五", "5"}, {"sat", "六", "6"},
        {"sun", "日", "天"}};
    static const char *const heads[] = {"周", "星期", "礼拜"};

    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        if (strncmp(*text, heads[i], strlen(heads[i])) == 0)
            *text += strlen(heads[i]);
    for (int day = 0; day < 7; day++)
        for (size_t k = 0; k < 3; k++)
            if (strncmp(*text, names[day][k], strlen(names[day][k])) == 0) {
                *text += strlen(names[day][k]);
                return day;
            }
    return -1;
}

static void skip_any(const char **text, const char *const *words)
{
    for (size_t i = 0; words[i]; i++)
        if (strncmp(*text, words[i], strlen(words[i])) == 0) {
            *text += strlen(words[i]);
            i = (size_t)-1;
        }
}

bool schedule_words_add_days(json_t *panel, const char *text)
{
    static const char *const separators[] = {" ", ",",  "，", "、",
                                             ";", "；", NULL};
    static const char *const ranges[] = {"-", "至", "到", "—", "～", NULL};
    static const char *const kinds[][2] = {
        {"workday", "workday"}, {"工作日", "workday"},  {"restday", "restday"},
        {"休息日", "restday"},  {"holiday", "holiday"}, {"节假日", "holiday"}};

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(text, kinds[i][0]) == 0)
            return json_array_append_new(schedule_of(panel, "dates"),
                                         json_string(kinds[i][1])) == 0;
    for (skip_any(&text, separators); *text; skip_any(&text, separators)) {
        int first = take_weekday(&text), last = first;
        const char *before = text;
        skip_any(&text, ranges);
        if (text != before)
            last = take_weekday(&text);
        if (first < 0 || last < 0)
            return false;
        for (int day = first;; day = (day + 1) % 7) {
            json_array_append_new(schedule_of(panel, "days"),
                                  json_string(weekdays[day]));
            if (day == last)
                break;
        }
    }
    return true;
}

/* 7:10, 07:10 or 7：10 at *text. */
static bool take_clock(const char **text, char out[SCHEDULE_TIME_BYTES])
{
    int hour = 0, minute = 0, digits = 0;

    for (; **text >= '0' && **text <= '9' && digits < 2; digits++)
        hour = hour * 10 + *(*text)++ - '0';
    size_t colon = strncmp(*text, "：", strlen("：")) == 0 ? strlen("：")
                   : **text == ':'                         ? 1
                                                           : 0;
    if (digits == 0 || colon == 0)
        return false;
    *text += colon;
    for (digits = 0; **text >= '0' && **text <= '9' && digits < 2; digits++)
        minute = minute * 10 + *(*text)++ - '0';
    snprintf(out, SCHEDULE_TIME_BYTES, "%02d:%02d", hour % 100, minute % 100);
    return digits == 2;
}

bool schedule_words_add_hours(json_t *panel, const char *text)
{
    static const char *const ranges[] = {" ", "-",  "至", "到",
                                         "—", "～", "–",  NULL};
    char from[SCHEDULE_TIME_BYTES], to[SCHEDULE_TIME_BYTES];

    if (!take_clock(&text, from))
        return false;
    skip_any(&text, ranges);
    return take_clock(&text, to) && !*text &&
           json_array_append_new(schedule_of(panel, "hours"),
                                 json_sprintf("%s-%s", from, to)) == 0;
}

bool schedule_words_time(const char *text, char out[SCHEDULE_TIME_BYTES])
{
    return take_clock(&text, out) && !*text;
}
