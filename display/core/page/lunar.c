/* The lunar date that stands beside the civil one in the frame. */
#include "display/core/page/lunar.h"

#include <stdio.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

static UCalendar *calendar_open(int offset_minutes)
{
    char name[16];
    int minutes = offset_minutes < 0 ? -offset_minutes : offset_minutes;
    snprintf(name, sizeof name, "GMT%c%02d:%02d",
             offset_minutes < 0 ? '-' : '+', minutes / 60 % 24, minutes % 60);
    UChar zone[16];
    u_uastrcpy(zone, name);
    UErrorCode error = U_ZERO_ERROR;
    UCalendar *calendar = ucal_open(zone, -1, "zh_CN@calendar=chinese",
                                    UCAL_TRADITIONAL, &error);
    return U_SUCCESS(error) ? calendar : NULL;
}

bool lunar_date_make(int64_t ms, int offset_minutes, struct lunar_date *out)
{
    UCalendar *calendar = calendar_open(offset_minutes);
    if (calendar == NULL)
        return false;
    UErrorCode error = U_ZERO_ERROR;
    ucal_setMillis(calendar, (UDate)ms, &error);
    int month = ucal_get(calendar, UCAL_MONTH, &error);
    int day = ucal_get(calendar, UCAL_DATE, &error);
    int leap = ucal_get(calendar, UCAL_IS_LEAP_MONTH, &error);
    ucal_close(calendar);
    if (U_FAILURE(error) || month < 0 || month > 11 || day < 1 || day > 30)
        return false;
    *out = (struct lunar_date){month + 1, day, leap != 0};
    return true;
}

void lunar_format(struct lunar_date date, char out[LUNAR_BYTES])
{
    static const char *const months[] = {"正", "二", "三", "四", "五", "六",
                                         "七", "八", "九", "十", "冬", "腊"};
    static const char *const digits[] = {"十", "一", "二", "三", "四",
                                         "五", "六", "七", "八", "九"};
    static const char *const tens[] = {"初", "十", "廿"};
    const char *leap = date.leap ? "闰" : "";
    const char *month = months[date.month - 1];
    const char *first = tens[date.day / 10 % 3];
    if (date.day == 10)
        first = "初";
    else if (date.day == 20)
        first = "二";
    else if (date.day == 30)
        first = "三";
    snprintf(out, LUNAR_BYTES, "%s%s月%s%s", leap, month, first,
             digits[date.day % 10]);
}
