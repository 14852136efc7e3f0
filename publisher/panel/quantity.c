/* Reads from left to right: qualifier, number, suffix, unit, arrow. */
#include "publisher/panel/quantity.h"

#include "base/translate.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GROUP_DIGITS = 3, NUMBER_BYTES_MAX = 18 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Copies the text with ASCII in place of digits, signs and blanks of full
 * width, without blanks around it. False: it is too long. */
static bool normalise(const char *text, char out[QUANTITY_BYTES])
{
    size_t used = 0;
    char bytes[4];

    for (uint32_t c; (c = utf8_next(&text)) != 0;) {
        if (c >= 0xFF10 && c <= 0xFF19)
            c = c - 0xFF10 + '0';
        else if (c == 0xFF0C)
            c = ',';
        else if (c == 0xFF0E)
            c = '.';
        else if (c == 0xFF05)
            c = '%';
        else if (c == 0xFF0B)
            c = '+';
        else if (c == 0x2212 || c == 0xFF0D)
            c = '-';
        else if (c == 0x3000 || c == 0xA0 || c == 0x202F || c == '\t' ||
                 c == '\n')
            c = ' ';
        if (used == 0 && c == ' ')
            continue;
        size_t length = utf8_put(c, bytes);
        if (used + length >= QUANTITY_BYTES)
            return false;
        memcpy(out + used, bytes, length);
        used += length;
    }
    while (used > 0 && out[used - 1] == ' ')
        used--;
    out[used] = '\0';
    return true;
}

static bool refuse(struct problem *problem, const char *text,
                   const char *expected)
{
    return problem_set(problem, PROBLEM_FIELD, "'%.60s': expected %s", text,
                       tr(expected));
}

/* #N/A, #REF!, #VALUE!, #DIV/0!, and a column that is too narrow: #### */
static bool is_error(const char *text)
{
    return text[0] == '#' &&
           (text[1] == '#' || (text[1] >= 'A' && text[1] <= 'Z'));
}

static const char *find_number(const char *text)
{
    while (*text && !is_digit(*text) && !(*text == '-' && is_digit(text[1])))
        text++;
    return text;
}

static size_t digits_at(const char *text)
{
    return strspn(text, "0123456789");
}

/* Digits with or without commas between thousands; moves *at behind them. */
static bool take_whole(const char **at, char *out, size_t *used)
{
    size_t count = digits_at(*at);
    size_t first = count;

    memcpy(out + *used, *at, count);
    *used += count;
    *at += count;
    while (**at == ',' && digits_at(*at + 1) == GROUP_DIGITS) {
        if (first > GROUP_DIGITS)
            return false;
        memcpy(out + *used, *at + 1, GROUP_DIGITS);
        *used += GROUP_DIGITS;
        *at += 1 + GROUP_DIGITS;
    }
    return **at != ',' || !is_digit((*at)[1]);
}

/* Drops zeros that JSON does not allow in front and nobody needs behind. */
static void tidy_number(char *number)
{
    char *digits = number + (number[0] == '-');
    size_t zeros = strspn(digits, "0");
    char *point = strchr(number, '.');

    if (zeros > 0 && !is_digit(digits[zeros]))
        zeros--;
    if (point) {
        char *end = number + strlen(number);
        while (end[-1] == '0')
            end--;
        if (end[-1] == '.')
            end--;
        *end = '\0';
    }
    memmove(digits, digits + zeros, strlen(digits + zeros) + 1);
}

static const char *take_number(const char *at, const char *text, char *out,
                               struct problem *problem)
{
    size_t used = 0;

    if (*at == '-')
        out[used++] = *at++;
    if (!take_whole(&at, out, &used)) {
        refuse(problem, text,
               "commas between thousands only, and a point before decimals");
        return NULL;
    }
    if (*at == '.' && is_digit(at[1])) {
        size_t count = 1 + digits_at(at + 1);
        memcpy(out + used, at, count);
        used += count;
        at += count;
    }
    out[used] = '\0';
    if ((*at == 'E' || *at == 'e') && at[1] && strchr("+-0123456789", at[1])) {
        refuse(problem, text,
               "all digits; a spreadsheet shortened it: format the column as "
               "a number");
        return NULL;
    }
    tidy_number(out);
    if (strlen(out) > NUMBER_BYTES_MAX) {
        refuse(problem, text, "15 digits at most");
        return NULL;
    }
    return at;
}

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " ");
}

static const char *take_suffix(const char *at, char *out)
{
    static const char *const suffixes[] = {"余", "多", "+"};

    at = skip_blanks(at);
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        size_t length = strlen(suffixes[i]);
        if (strncmp(at, suffixes[i], length) != 0)
            continue;
        snprintf(out, QUANTITY_BYTES, "%s", suffixes[i]);
        return skip_blanks(at + length);
    }
    return at;
}

static void trim_end(char *text)
{
    size_t length = strlen(text);

    while (length > 0 && text[length - 1] == ' ')
        length--;
    text[length] = '\0';
}

static const char *take_trend(char *unit)
{
    static const char *const arrows[][2] = {
        {"↑", "up"}, {"↓", "down"}, {"→", "steady"}};
    size_t length = strlen(unit);

    for (size_t i = 0; i < sizeof arrows / sizeof arrows[0]; i++) {
        size_t arrow = strlen(arrows[i][0]);
        if (length < arrow || strcmp(unit + length - arrow, arrows[i][0]) != 0)
            continue;
        unit[length - arrow] = '\0';
        trim_end(unit);
        return arrows[i][1];
    }
    return "";
}

bool quantity_parse(const char *text, struct quantity *out,
                    struct problem *problem)
{
    struct quantity quantity = {.trend = ""};
    char plain[QUANTITY_BYTES];

    if (!normalise(text, plain))
        return refuse(problem, text, "a figure, such as 76.5 %");
    if (is_error(plain))
        return refuse(problem, text,
                      "a number; the spreadsheet could not compute or show it");
    const char *at = find_number(plain);
    if (!*at)
        return refuse(problem, text, "a number, such as 76.5 or 1,234");
    snprintf(quantity.qualifier, sizeof quantity.qualifier, "%.*s",
             (int)(at - plain), plain);
    trim_end(quantity.qualifier);
    at = take_number(at, text, quantity.number, problem);
    if (!at)
        return false;
    at = take_suffix(at, quantity.suffix);
    if (is_digit(*at) || (*at && strchr("-~", *at)) ||
        strncmp(at, "～", strlen("～")) == 0 ||
        strncmp(at, "—", strlen("—")) == 0)
        return refuse(problem, text, "one number, not a range");
    snprintf(quantity.unit, sizeof quantity.unit, "%s", at);
    quantity.trend = take_trend(quantity.unit);
    *out = quantity;
    return true;
}

json_t *quantity_json(const struct quantity *quantity)
{
    return json_loads(quantity->number, JSON_DECODE_ANY, NULL);
}

json_t *quantity_number(const char *text, struct problem *problem)
{
    struct quantity quantity;

    if (!quantity_parse(text, &quantity, problem))
        return NULL;
    if (quantity.qualifier[0] || quantity.suffix[0] || quantity.unit[0] ||
        quantity.trend[0]) {
        refuse(problem, text, "a number alone");
        return NULL;
    }
    return quantity_json(&quantity);
}
