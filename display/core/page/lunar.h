/* The Chinese calendar (农历) by ICU. Pure: the time comes in. */
#ifndef GAOSHI_DISPLAY_LUNAR_H
#define GAOSHI_DISPLAY_LUNAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lunar_date {
    int month; /* 1 … 12 */
    int day;   /* 1 … 30 */
    bool leap; /* the leap month after month */
};

/* The lunar date of the civil day at the offset (minutes east of UTC). False
 * when ICU has no data; *out untouched. */
bool lunar_date_make(int64_t ms, int offset_minutes, struct lunar_date *out);

enum { LUNAR_BYTES = 40 };

/* 八月初二, 闰四月十五, 腊月三十. */
void lunar_format(struct lunar_date date, char out[LUNAR_BYTES]);

#endif
