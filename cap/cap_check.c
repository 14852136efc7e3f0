/* Judges texts of elements by the rules of CAP and of the Chinese profile. */
#include "cap/cap_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool refuse(char why[CAP_WHY_BYTES], const char *text,
                   const char *expected)
{
    enum { QUOTED = 48 };

    snprintf(why, CAP_WHY_BYTES, "«%.*s»%s found, %s expected", QUOTED, text,
             strlen(text) > QUOTED ? "…" : "", expected);
    return false;
}

bool cap_check_identifier(const char *text, enum cap_dialect dialect,
                          char why[CAP_WHY_BYTES])
{
    (void)dialect;
    if (!strpbrk(text, " \t\r\n,<&"))
        return true;
    return refuse(why, text, "no space, comma, < or &");
}

/* In China it is the office's name, in words. Without a namespace the dialect
 * may not be known yet. */
bool cap_check_sender(const char *text, enum cap_dialect dialect,
                      char why[CAP_WHY_BYTES])
{
    return (dialect & CAP_DIALECT_CHINA) ||
           cap_check_identifier(text, dialect, why);
}

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcasecmp(text, *words) == 0)
            return true;
    return false;
}

bool cap_check_status(const char *text, enum cap_dialect dialect,
                      char why[CAP_WHY_BYTES])
{
    static const char *const words[] = {"Actual", "Exercise", "System",
                                        "Test",   "Draft",    NULL};

    (void)dialect;
    return is_one_of(text, words) ||
           refuse(why, text, "Actual, Exercise, System, Test or Draft");
}

bool cap_check_type(const char *text, enum cap_dialect dialect,
                    char why[CAP_WHY_BYTES])
{
    static const char *const words[] = {"Alert", "Update", "Cancel",
                                        "Ack",   "Error",  NULL};

    (void)dialect;
    return is_one_of(text, words) ||
           refuse(why, text, "Alert, Update, Cancel, Ack or Error");
}

bool cap_check_scope(const char *text, enum cap_dialect dialect,
                     char why[CAP_WHY_BYTES])
{
    static const char *const words[] = {"Public", "Restricted", "Private",
                                        NULL};

    (void)dialect;
    return is_one_of(text, words) ||
           refuse(why, text, "Public, Restricted or Private");
}

/* «84k» is how the Chinese profile writes it. Sizes and shapes are not used:
 * what is odd about them is only told. */
bool cap_check_size(const char *text, enum cap_dialect dialect,
                    char why[CAP_WHY_BYTES])
{
    size_t digits = strspn(text, "0123456789");

    if (digits > 0 && digits <= 15 &&
        (text[digits] == '\0' || dialect == CAP_DIALECT_CHINA))
        return true;
    return refuse(why, text, "a number of bytes, 0 or more");
}

/* Plain decimals only: strtod would read NaN and hexadecimals too. Moves
 * *text behind the number. */
static bool read_number(const char **text, double *out)
{
    char *end = NULL;
    size_t length = strspn(*text, "+-.0123456789");

    if (length == 0 || length > 32)
        return false;
    *out = strtod(*text, &end);
    if (end != *text + length)
        return false;
    *text = end;
    return true;
}

static bool skip_space(const char **text)
{
    size_t length = strspn(*text, " \t\r\n");

    *text += length;
    return length > 0;
}

/* «34.75,113.62»: latitude first in OASIS, either way in China. */
static bool read_point(const char **text, enum cap_dialect dialect)
{
    double first, second;
    double most = dialect == CAP_DIALECT_CHINA ? 180 : 90;

    if (!read_number(text, &first) || **text != ',')
        return false;
    ++*text;
    return read_number(text, &second) && first >= -most && first <= most &&
           second >= -180 && second <= 180;
}

bool cap_check_polygon(const char *text, enum cap_dialect dialect,
                       char why[CAP_WHY_BYTES])
{
    const char *rest = text;
    size_t points = 0;

    do {
        if (!read_point(&rest, dialect))
            return refuse(why, rest, "a point «34.75,113.62»");
        points++;
    } while (skip_space(&rest));
    if (*rest)
        return refuse(why, rest, "points parted by spaces");
    if (points >= 4 || dialect == CAP_DIALECT_CHINA)
        return true;
    return refuse(why, text, "four points or more, the last as the first");
}

bool cap_check_circle(const char *text, enum cap_dialect dialect,
                      char why[CAP_WHY_BYTES])
{
    const char *rest = text;
    double radius;

    if (!read_point(&rest, dialect) || !skip_space(&rest) ||
        !read_number(&rest, &radius) || *rest)
        return refuse(why, text, "«34.75,113.62 5»: a point and a radius");
    if (radius < 0)
        return refuse(why, text, "a radius of 0 or more");
    return true;
}
