/* Reads one value of the options table into its field of the config. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "display/edge/config/options.h"
#include "protocol/broker_address.h"

/* A parser leaves the field untouched when it returns false. */
typedef bool value_parser(const struct option *option, const char *value,
                          void *field);

static bool parse_text(const struct option *option, const char *value,
                       void *field)
{
    size_t bytes = strlen(value);

    if (bytes >= (size_t)option->maximum || !utf8_is_valid(value, bytes, NULL))
        return false;
    memcpy(field, value, bytes + 1);
    return true;
}

static bool parse_identifier(const struct option *option, const char *value,
                             void *field)
{
    return identifier_is_valid(value) && parse_text(option, value, field);
}

static bool parse_area(const struct option *option, const char *value,
                       void *field)
{
    return strlen(value) == 12 && strspn(value, "0123456789") == 12 &&
           parse_text(option, value, field);
}

/* The next word of a list; its length is 0 at the end. */
static const char *next_word(const char *text, size_t *bytes)
{
    text += strspn(text, " \t");
    *bytes = strcspn(text, " \t");
    return text;
}

static bool parse_groups(const struct option *option, const char *value,
                         void *field)
{
    struct screen_identity *identity = field;
    struct screen_identity next = *identity;
    size_t bytes;

    for (value = next_word(value, &bytes); bytes > 0;
         value = next_word(value + bytes, &bytes)) {
        if (next.group_count == (size_t)option->maximum ||
            bytes > LIMIT_IDENTIFIER_BYTES)
            return false;
        char *group = next.groups[next.group_count++];
        memcpy(group, value, bytes);
        group[bytes] = '\0';
        if (!identifier_is_valid(group))
            return false;
    }
    *identity = next;
    return true;
}

static bool parse_list(const struct option *option, const char *value,
                       void *field)
{
    struct config_list *list = field;
    size_t count = list->count;
    size_t bytes;

    for (value = next_word(value, &bytes); bytes > 0;
         value = next_word(value + bytes, &bytes)) {
        if (count == (size_t)option->maximum || bytes >= CONFIG_TEXT_BYTES ||
            !utf8_is_valid(value, bytes, NULL))
            return false;
        memcpy(list->texts[count], value, bytes);
        list->texts[count++][bytes] = '\0';
    }
    list->count = count;
    return true;
}

/* Those that are good are taken, whatever another one is. */
static bool set_brokers(const struct option *option, const char *value,
                        struct config_list *list, struct problem *problem)
{
    char text[CONFIG_TEXT_BYTES];
    struct broker_address address;
    bool good = true;
    size_t bytes;

    for (value = next_word(value, &bytes); bytes > 0;
         value = next_word(value + bytes, &bytes)) {
        if (list->count == (size_t)option->maximum)
            return problem_set_field(problem, "broker.address",
                                     "expected at most %d addresses",
                                     option->maximum);
        snprintf(text, sizeof text, "%.*s", (int)bytes, value);
        if (broker_address_parse(text, &address, good ? problem : NULL)) {
            memcpy(list->texts[list->count++], text, sizeof text);
            continue;
        }
        if (good)
            snprintf(problem->field, sizeof problem->field, "broker.address");
        good = false;
    }
    return good;
}

static bool parse_integer(const struct option *option, const char *value,
                          void *field)
{
    char *end;

    errno = 0;
    long number = strtol(value, &end, 10);
    if (errno || end == value || *end || number < option->minimum ||
        number > option->maximum)
        return false;
    *(int *)field = (int)number;
    return true;
}

/* Digits, and up to three more behind a point. */
static bool parse_metres(const struct option *option, const char *value,
                         void *field)
{
    size_t whole = strspn(value, "0123456789");
    size_t digits = 0;

    if (whole == 0 || whole > 4)
        return false;
    int mm = atoi(value) * 1000;
    if (value[whole] == '.') {
        static const int weights[] = {100, 10, 1};
        const char *behind = value + whole + 1;
        digits = strspn(behind, "0123456789");
        if (digits == 0 || digits > 3)
            return false;
        for (size_t i = 0; i < digits; i++)
            mm += (behind[i] - '0') * weights[i];
        digits++;
    }
    if (value[whole + digits] || mm > option->maximum)
        return false;
    *(int *)field = mm;
    return true;
}

static bool parse_choice(const struct option *option, const char *value,
                         void *field)
{
    for (const struct option_choice *row = option->choices; row->name; row++) {
        if (strcmp(row->name, value) != 0)
            continue;
        *(int *)field = row->value;
        return true;
    }
    return false;
}

static bool parse_switch(const struct option *option, const char *value,
                         void *field)
{
    bool yes = strcmp(value, "yes") == 0;

    (void)option;
    if (!yes && strcmp(value, "no") != 0)
        return false;
    *(int *)field = yes;
    return true;
}

static bool parse_part(const struct option *option, const char *value,
                       void *field)
{
    unsigned *parts = field;
    int yes;

    if (!parse_switch(option, value, &yes))
        return false;
    if (yes)
        *parts |= (unsigned)option->minimum;
    else
        *parts &= ~(unsigned)option->minimum;
    return true;
}

static bool parse_offset(const struct option *option, const char *value,
                         void *field)
{
    int hours, minutes;

    (void)option;
    if (strlen(value) != 6 || (value[0] != '+' && value[0] != '-') ||
        strspn(value + 1, "0123456789") != 2 || value[3] != ':' ||
        strspn(value + 4, "0123456789") != 2)
        return false;
    hours = atoi(value + 1);
    minutes = atoi(value + 4);
    if (minutes > 59 || hours * 60 + minutes > 14 * 60)
        return false;
    *(int *)field = (hours * 60 + minutes) * (value[0] == '-' ? -1 : 1);
    return true;
}

static const struct {
    value_parser *parse;
    const char *words;
} types[] = {
    [OPTION_TEXT] = {parse_text, "a text in UTF-8"},
    [OPTION_IDENTIFIER] = {parse_identifier,
                           "lower-case letters, digits, '.', '_', '-'"},
    [OPTION_AREA] = {parse_area, "an area code of 12 digits"},
    [OPTION_GROUPS] = {parse_groups, "names parted by spaces"},
    [OPTION_INTEGER] = {parse_integer, "a whole number"},
    [OPTION_METRES] = {parse_metres, "metres, such as 12.5"},
    [OPTION_CHOICE] = {parse_choice, "one of"},
    [OPTION_SWITCH] = {parse_switch, "yes or no"},
    [OPTION_PART] = {parse_part, "yes or no"},
    [OPTION_OFFSET] = {parse_offset, "an offset from UTC, such as +08:00"},
    [OPTION_LIST] = {parse_list, "entries parted by spaces"},
    [OPTION_BROKERS] = {NULL, "addresses parted by spaces"},
};

static void *field_of(const struct option *option, struct config *config)
{
    return (char *)config + option->offset;
}

static bool is_text(enum option_type type)
{
    return type == OPTION_TEXT || type == OPTION_IDENTIFIER ||
           type == OPTION_AREA;
}

bool option_set(const struct option *option, const char *value,
                struct config *config, struct problem *problem)
{
    char name[96], words[160];

    if (option->type == OPTION_BROKERS)
        return set_brokers(option, value, field_of(option, config), problem);
    /* An empty text is the way to say «none». */
    if (is_text(option->type) && !value[0]) {
        *(char *)field_of(option, config) = '\0';
        return true;
    }
    if (types[option->type].parse(option, value, field_of(option, config)))
        return true;
    snprintf(name, sizeof name, "%s.%s", option->section, option->name);
    option_describe(option, words, sizeof words);
    return problem_set_field(problem, name, "'%.60s', expected %s", value,
                             words);
}

bool option_is_list(const struct option *option)
{
    return option->type == OPTION_LIST || option->type == OPTION_BROKERS ||
           option->type == OPTION_GROUPS;
}

void option_clear(const struct option *option, struct config *config)
{
    if (option_is_list(option) && option->type != OPTION_GROUPS)
        ((struct config_list *)field_of(option, config))->count = 0;
    else if (option->type == OPTION_GROUPS)
        config->identity.group_count = 0;
}

static void describe_choices(const struct option_choice *row, char *out,
                             size_t size)
{
    size_t length = (size_t)snprintf(out, size, "one of:");

    for (; row->name && length < size; row++)
        length += (size_t)snprintf(out + length, size - length, "%s %s",
                                   length > 7 ? "," : "", row->name);
}

void option_describe(const struct option *option, char *out, size_t size)
{
    const char *words = types[option->type].words;

    if (option->type == OPTION_CHOICE)
        describe_choices(option->choices, out, size);
    else if (option->type == OPTION_INTEGER)
        snprintf(out, size, "%s from %d to %d", words, option->minimum,
                 option->maximum);
    else if (option->type == OPTION_METRES)
        snprintf(out, size, "%s, at most %d", words, option->maximum / 1000);
    else if (option_is_list(option))
        snprintf(out, size, "%s, at most %d", words, option->maximum);
    else if (is_text(option->type))
        snprintf(out, size, "%s, at most %d bytes", words, option->maximum - 1);
    else
        snprintf(out, size, "%s", words);
}
