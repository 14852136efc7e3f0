/* Moves the times of files of warning centres. */
#include "tests/support/cap_today.h"

#include "base/timestamp.h"
#include "tests/support/folder.h"
#include "tests/support/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* A warning centre of China writes a space where ISO has T. */
static void move_time(char *at, int64_t at_ms)
{
    enum { LETTER = 10, LENGTH = TIMESTAMP_BYTES - 1 };
    char text[TIMESTAMP_BYTES], moved[TIMESTAMP_BYTES];
    int64_t first_ms, ms;
    char letter = at[LETTER];

    memcpy(text, at, LENGTH);
    text[LENGTH] = '\0';
    text[LETTER] = 'T';
    if (!timestamp_parse("2021-07-20T18:20:00+08:00", &first_ms) ||
        !timestamp_parse(text, &ms))
        return;
    timestamp_format(at_ms + (ms - first_ms) / 60, 8 * 60, moved);
    memcpy(at, moved, LENGTH);
    at[LETTER] = letter;
}

char *cap_today(const char *name, int64_t at_ms)
{
    static const char day[] = "2021-07-2";
    char path[400];
    size_t bytes;

    snprintf(path, sizeof path, "tests/cap/%s", name);
    char *text = source_read(path, &bytes);
    for (char *at = text; at && (at = strstr(at, day)); at++)
        if (strlen(at) >= TIMESTAMP_BYTES)
            move_time(at, at_ms);
    return text;
}

int64_t cap_today_ms(void)
{
    static int64_t ms;

    if (ms == 0)
        ms = (int64_t)time(NULL) * 1000 - CAP_TODAY_HOUR_MS;
    return ms;
}

const char *cap_today_file(const struct publisher_fixture *publisher,
                           const char *name)
{
    static char path[400];
    char *text = cap_today(name, cap_today_ms());

    if (!text || !folder_write(publisher->folder, name, text))
        fail_msg("%s can't be written", name);
    snprintf(path, sizeof path, "%s/%s", publisher->folder, name);
    free(text);
    return path;
}
