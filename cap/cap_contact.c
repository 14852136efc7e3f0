/* Finds a telephone number in a free text. A wrong number on a screen is worse
 * than none, so only a number that is clearly complete is accepted. */
#include "cap/cap_contact.h"

#include "base/utf8.h"
#include "cap/cap_tidy.h"
#include "protocol/limits.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GROUPS_MOST = 6, DIGITS_MOST = 15 };

/* A group of digits, and the separator after it. */
struct group {
    const char *text;
    size_t digits;
    char after; /* '-', ' ' or '\0': the number ends here */
};

/* A run of groups that may form one number or several. */
struct run {
    bool plus;
    struct group groups[GROUPS_MOST];
    size_t count;
};

/* Replaces full-width characters and all kinds of dashes by ASCII, so that the
 * rest can work on bytes. The caller frees the result; NULL: no memory. */
static char *fold(const char *text)
{
    char *out = malloc(strlen(text) + 1);
    size_t length = 0;
    uint32_t codepoint;

    while (out && (codepoint = utf8_next(&text)) != 0) {
        if (codepoint >= 0xFF01 && codepoint <= 0xFF5E)
            codepoint -= 0xFF01 - '!';
        else if ((codepoint >= 0x2010 && codepoint <= 0x2015) ||
                 codepoint == 0x2212 || codepoint == 0xFE63)
            codepoint = '-';
        else if (codepoint == 0x3000 || codepoint == 0xA0)
            codepoint = ' ';
        length += utf8_put(codepoint, out + length);
    }
    if (out)
        out[length] = '\0';
    return out;
}

/* Reads the separator between two groups: one dash, one blank, or the closing
 * bracket of an area code with either. */
static char read_separator(const char **text)
{
    size_t bytes = strspn(*text, "-() ");
    const char *end = *text + bytes;
    size_t dashes = 0, brackets = 0;

    for (const char *at = *text; at < end; at++) {
        dashes += *at == '-';
        brackets += *at == '(' || *at == ')';
    }
    if (!isdigit((unsigned char)*end) || dashes > 2 || brackets > 2 ||
        bytes > 4)
        return '\0';
    *text = end;
    return dashes || brackets ? '-' : ' ';
}

static void read_run(const char *text, struct run *out)
{
    const char *at = text;

    *out = (struct run){.plus = *at == '+'};
    at += strspn(at, "+(");
    while (out->count < GROUPS_MOST && isdigit((unsigned char)*at)) {
        struct group *group = &out->groups[out->count++];
        group->text = at;
        group->digits = strspn(at, "0123456789");
        at += group->digits;
        group->after = read_separator(&at);
        if (!group->after)
            return;
    }
}

static bool begins(const char *digits, const char *with)
{
    return strncmp(digits, with, strlen(with)) == 0;
}

/* Numbers that everybody knows, without an area code. */
static bool is_hotline(const char *digits, size_t count)
{
    static const char *const three[] = {"110", "119", "120", "122",
                                        "112", "911", "999"};

    for (size_t i = 0; count == 3 && i < sizeof three / sizeof three[0]; i++)
        if (strcmp(digits, three[i]) == 0)
            return true;
    return (count == 5 && (begins(digits, "12") || begins(digits, "95") ||
                           begins(digits, "96"))) ||
           (count == 6 && begins(digits, "96"));
}

/* 20210720 is a date. */
static bool is_date(const char *digits, size_t count)
{
    int month = (digits[4] - '0') * 10 + (count > 5 ? digits[5] - '0' : 0);

    return count == 8 && (begins(digits, "19") || begins(digits, "20")) &&
           (month <= 12 || begins(digits + 4, "20"));
}

/* Whether the first `count` groups are a number that can be dialled. */
static bool is_number(const struct run *run, size_t count)
{
    char digits[DIGITS_MOST + 1] = "";
    size_t length = 0;

    for (size_t i = 0; i < count; i++) {
        if (length + run->groups[i].digits > DIGITS_MOST)
            return false;
        memcpy(digits + length, run->groups[i].text, run->groups[i].digits);
        length += run->groups[i].digits;
    }
    digits[length] = '\0';
    if (run->plus)
        return length >= 9 && digits[0] != '0';
    if (begins(digits, "00"))
        return length >= 11;
    if (digits[0] == '0')
        return length >= 10 && length <= 12;
    if (begins(digits, "400") || begins(digits, "800"))
        return length == 10;
    if (digits[0] == '1' && digits[1] >= '3' && length == 11)
        return true;
    if (length == 10 && count == 3)
        return run->groups[0].digits == 3 && run->groups[1].digits == 3;
    if (length == 11 && count == 4)
        return run->groups[0].digits == 1 && run->groups[1].digits == 3;
    if (is_hotline(digits, length))
        return count == 1;
    return (length == 7 || length == 8) && digits[0] >= '2' && count <= 2 &&
           !is_date(digits, length) &&
           (count == 1 || run->groups[1].digits == 4);
}

/* «110 毫米», «2021 年», «6397 万» are quantities. */
static bool counts_something(const char *after)
{
    static const char *const units[] = {
        "年",   "月",   "日", "时", "点", "分", "秒", "毫", "厘",
        "米",   "公里", "千", "万", "度", "人", "起", "例", "户",
        "元",   "亩",   "℃",  "%",  "号", "名", "个", "级", "平方",
        "立方", "天",   "周", "期", "次", "路", "楼", "室", "辆"};

    while (*after == ' ')
        after++;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (begins(after, units[i]))
            return true;
    return *after == '.' && isdigit((unsigned char)after[1]);
}

/* The number of groups of the longest complete number at the start of the run;
 * 0: none. An extension of up to five digits is part of it. */
static size_t count_groups(const struct run *run)
{
    for (size_t count = run->count; count > 0; count--) {
        const struct group *last = &run->groups[count - 1];
        const char *end = last->text + last->digits;
        bool cut = last->after == '-' && count < run->count;
        bool extended = cut && count + 1 == run->count && count >= 2 &&
                        run->groups[count].digits <= 5;
        bool letter = isalpha((unsigned char)*end) != 0;
        if (is_number(run, count) && !letter && !counts_something(end) &&
            (!cut || extended))
            return count + extended;
    }
    return 0;
}

/* A number may begin where no digit, letter or dot precedes it. */
static bool may_begin(const char *text, const char *at)
{
    if (*at == '+' || (*at == '(' && isdigit((unsigned char)at[1])))
        return true;
    if (!isdigit((unsigned char)*at))
        return false;
    if (at == text)
        return true;
    char before = at[-1];
    return !isdigit((unsigned char)before) && !strchr("-.+", before) &&
           (!isalpha((unsigned char)before) || *at == '0' || *at == '1');
}

static void write_number(const struct run *run, size_t count,
                         char out[LIMIT_LABEL_CHARACTERS + 1])
{
    size_t length = 0;

    if (run->plus)
        out[length++] = '+';
    for (size_t i = 0; i < count; i++) {
        const struct group *group = &run->groups[i];
        if (length + group->digits + 1 > LIMIT_LABEL_CHARACTERS)
            break;
        memcpy(out + length, group->text, group->digits);
        length += group->digits;
        if (i + 1 < count)
            out[length++] = group->after;
    }
    out[length] = '\0';
}

/* NULL: there is none. */
static const char *find_number(const char *text,
                               char out[LIMIT_LABEL_CHARACTERS + 1])
{
    for (const char *at = text; *at; at++) {
        struct run run;
        if (!may_begin(text, at))
            continue;
        read_run(at, &run);
        size_t count = count_groups(&run);
        if (count == 0)
            continue;
        write_number(&run, count, out);
        return at;
    }
    return NULL;
}

/* The text before the number, as a label; NULL if it is none. */
static char *find_label(const char *contact, size_t bytes)
{
    char *before = strndup(contact, bytes);
    size_t cut = 0;
    char *label = before ? cap_tidy_line(before, LIMIT_LINE_CHARACTERS, &cut)
                         : NULL;

    free(before);
    for (size_t length = label ? strlen(label) : 0;
         length > 0 && strchr(":,;(+ ", label[length - 1]); length--)
        label[length - 1] = '\0';
    if (label && label[0] && utf8_length(label) <= LIMIT_LABEL_CHARACTERS)
        return label;
    free(label);
    return NULL;
}

json_t *cap_contact_find(const char *contact)
{
    char number[LIMIT_LABEL_CHARACTERS + 1];
    char *folded = fold(contact);
    const char *at = folded ? find_number(folded, number) : NULL;
    char *label = at ? find_label(folded, (size_t)(at - folded)) : NULL;
    json_t *contacts = at ? json_pack("[{s:s, s:s}]", "label",
                                      label ? label : "咨询电话", "number",
                                      number)
                          : NULL;

    free(label);
    free(folded);
    return contacts;
}
