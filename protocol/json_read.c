/* Checks and reads fields of JSON objects by tables. */
#include "protocol/json_read.h"

#include "base/timestamp.h"
#include "base/translate.h"
#include "base/utf8.h"
#include "protocol/decimal.h"
#include "protocol/json_text.h"
#include "protocol/limits.h"
#include "protocol/scope.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { PATH_BYTES = 256 };

static const char no_text[] = "";

static size_t write_path(const struct json_place *place, char *out)
{
    if (!place)
        return 0;
    size_t used = write_path(place->parent, out);
    size_t room = PATH_BYTES - used;
    int length = 0;
    if (!place->name)
        length = snprintf(out + used, room, "[%zu]", place->index);
    else
        length = snprintf(out + used, room, "%s%s", used > 0 ? "." : "",
                          place->name);
    return (size_t)length < room ? used + (size_t)length : PATH_BYTES - 1;
}

bool json_read_problem(struct problem *problem, const struct json_place *place,
                       const char *name, const char *format, ...)
{
    struct json_place field = {.parent = place, .name = name};
    char path[PATH_BYTES] = "";
    char text[2 * sizeof problem->expected];
    va_list list;

    write_path(name ? &field : place, path);
    va_start(list, format);
    tr_format(text, sizeof text, format, list);
    va_end(list);
    return problem_set_field(problem, path, "%s", text);
}

/* Names come from outside: a long one is cut between characters. */
void json_pass_over(struct json_passed *passed, const struct json_place *place,
                    const char *name, const char *note)
{
    enum { SHOWN_BYTES = 96 };
    struct json_place field = {.parent = place, .name = name};
    size_t used = strlen(passed->paths);
    char path[PATH_BYTES] = "";

    passed->count++;
    size_t length = write_path(name ? &field : place, path);
    if (length > SHOWN_BYTES) {
        length = SHOWN_BYTES;
        while (length > 0 && ((unsigned char)path[length] & 0xC0) == 0x80)
            length--;
        snprintf(path + length, sizeof path - length, "…");
    }
    int written = snprintf(passed->paths + used, sizeof passed->paths - used,
                           "%s%s%s%s%s", used > 0 ? ", " : "", path,
                           note ? " (" : "", note ? note : "", note ? ")" : "");
    if (written < 0 || (size_t)written >= sizeof passed->paths - used)
        passed->paths[used] = '\0';
}

/* Longer texts are cut: the reader only needs to recognise the text. */
static void describe_text(const char *text, char out[JSON_FOUND_BYTES])
{
    enum { SHOWN_CHARACTERS = 32 };
    const char *end = text;

    for (int i = 0; i < SHOWN_CHARACTERS; i++)
        utf8_next(&end);
    snprintf(out, JSON_FOUND_BYTES, tr("text «%.*s%s»"), (int)(end - text),
             text, *end ? "…" : "");
}

void json_read_describe(const json_t *value, char out[JSON_FOUND_BYTES])
{
    if (!value) {
        snprintf(out, JSON_FOUND_BYTES, "%s", tr("nothing"));
    } else if (json_is_string(value)) {
        describe_text(json_string_value(value), out);
    } else if (json_is_object(value) || json_is_array(value)) {
        snprintf(out, JSON_FOUND_BYTES, "%s",
                 json_is_object(value) ? tr("an object") : tr("a list"));
    } else {
        const char *what = json_is_number(value) ? tr("number ") : "";
        char text[40] = "";
        json_dumpb(value, text, sizeof text - 1,
                   JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
        snprintf(out, JSON_FOUND_BYTES, "%s%s", what, text);
    }
}

static bool refuse(struct problem *problem, const struct json_place *place,
                   const json_t *value, const char *expected)
{
    char found[JSON_FOUND_BYTES];

    json_read_describe(value, found);
    return json_read_problem(problem, place, NULL, "%s found, %s expected",
                             found, tr(expected));
}

/* One value, and the row of the table that describes it. */
struct reading {
    json_t *value;
    const struct json_field *field;
    const struct json_place *place;
    struct json_passed *passed; /* NULL: unknown fields and words are refused */
    struct problem *problem;
};

static bool read_text(const struct reading *reading, const char **out)
{
    enum field_shape shape = reading->field->shape;
    const char *text = json_string_value(reading->value);
    char why[JSON_TEXT_REASON_BYTES];

    if (!text)
        return refuse(reading->problem, reading->place, reading->value, "text");
    if (shape == FIELD_IDENTIFIER && !identifier_is_valid(text))
        return refuse(reading->problem, reading->place, reading->value,
                      "an identifier (a-z, 0-9, '.', '_', '-', at most 64)");
    if (shape == FIELD_SCOPE && !scope_is_valid(text))
        return refuse(reading->problem, reading->place, reading->value,
                      "all, area-CODE, group-NAME or screen-ID");
    if (shape == FIELD_URL && !json_text_is_url(text))
        return refuse(reading->problem, reading->place, reading->value,
                      "a URL that begins with http:// or https://");
    if (shape != FIELD_IDENTIFIER && shape != FIELD_SCOPE &&
        !json_text_fits(text, (size_t)reading->field->most,
                        shape == FIELD_PARAGRAPHS, why))
        return json_read_problem(reading->problem, reading->place, NULL, "%s",
                                 why);
    *out = text;
    return true;
}

static bool read_time(const struct reading *reading, int64_t *out)
{
    const char *text = json_string_value(reading->value);

    return (text && timestamp_parse(text, out)) ||
           refuse(reading->problem, reading->place, reading->value,
                  "a time like 2021-07-20T18:30:00+08:00");
}

static bool read_decimal(const struct reading *reading, struct decimal *out)
{
    if (!json_is_number(reading->value))
        return refuse(reading->problem, reading->place, reading->value,
                      "a number");
    return decimal_from_double(json_number_value(reading->value), out) ||
           refuse(reading->problem, reading->place, reading->value,
                  "at most 15 digits, 3 of them behind the point,");
}

static bool read_long(const struct reading *reading, int64_t *out)
{
    const struct json_field *field = reading->field;
    char expected[80];

    snprintf(expected, sizeof expected, tr("a whole number from %lld to %lld"),
             (long long)field->least, (long long)field->most);
    if (!json_is_integer(reading->value) ||
        json_integer_value(reading->value) < field->least ||
        json_integer_value(reading->value) > field->most)
        return refuse(reading->problem, reading->place, reading->value,
                      expected);
    *out = json_integer_value(reading->value);
    return true;
}

static bool refuse_word(const struct reading *reading)
{
    const struct json_words *words = reading->field->words;
    char expected[200];
    size_t used = (size_t)snprintf(expected, sizeof expected, "%s",
                                   tr("one of "));

    for (int i = 0; i < words->count && used < sizeof expected; i++)
        used += (size_t)snprintf(expected + used, sizeof expected - used,
                                 "%s%s", i > 0 ? tr(", ") : "",
                                 words->names[i]);
    return refuse(reading->problem, reading->place, reading->value, expected);
}

static bool read_word(const struct reading *reading, int *out)
{
    const struct json_words *words = reading->field->words;
    const char *text = json_string_value(reading->value);

    if (!text)
        return refuse(reading->problem, reading->place, reading->value, "text");
    for (int i = 0; i < words->count; i++) {
        if (strcmp(text, words->names[i]) == 0) {
            *out = i;
            return true;
        }
    }
    if (words->unknown >= 0) {
        *out = words->unknown;
    } else if (words->passable && reading->passed) {
        *out = words->absent;
        json_pass_over(reading->passed, reading->place, NULL, NULL);
    } else {
        return refuse_word(reading);
    }
    return true;
}

static void put_int(void *slot, int number)
{
    memcpy(slot, &number, sizeof number);
}

static bool read_value(const struct reading *reading, char *out);

static bool read_list(const struct reading *reading, char *out)
{
    const struct json_field *field = reading->field;
    const struct json_list *list = field->list;
    size_t count = json_array_size(reading->value);

    if (!json_is_array(reading->value))
        return refuse(reading->problem, reading->place, reading->value,
                      "a list");
    if (count < (size_t)field->least || count > (size_t)field->most)
        return json_read_problem(reading->problem, reading->place, NULL,
                                 "%zu entries, from %lld to %lld expected",
                                 count, (long long)field->least,
                                 (long long)field->most);
    for (size_t i = 0; i < count; i++) {
        struct json_place place = {.parent = reading->place, .index = i};
        json_t *value = json_array_get(reading->value, i);
        char *entry = out + field->offset + i * list->entry_bytes;
        struct reading text = {value, list->entry, &place, reading->passed,
                               reading->problem};
        if (field->shape == FIELD_TEXTS
                ? !read_value(&text, entry)
                : !json_read_object(value, &place, list->entry, entry,
                                    reading->passed, reading->problem))
            return false;
    }
    memcpy(out + list->count_offset, &count, sizeof count);
    return true;
}

static bool is_subtag(const char *from, size_t bytes, bool letters)
{
    for (size_t i = 0; i < bytes; i++) {
        unsigned char c = (unsigned char)from[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (letters || c < '0' || c > '9'))
            return false;
    }
    return bytes > 0 && bytes <= 8;
}

/* BCP 47 in short: ug, kk-Arab, mn-Mong-CN. Chinese has the fields themselves.
 */
bool json_read_is_language(const char *tag)
{
    size_t bytes = strcspn(tag, "-");

    if (bytes < 2 || bytes > 3 || !is_subtag(tag, bytes, true) ||
        strlen(tag) > LIMIT_LANGUAGE_BYTES || strncmp(tag, "zh", bytes) == 0)
        return false;
    for (tag += bytes; *tag == '-'; tag += bytes) {
        bytes = strcspn(++tag, "-");
        if (!is_subtag(tag, bytes, false))
            return false;
    }
    return true;
}

static bool read_languages(const struct reading *reading, char *out)
{
    const struct json_field *field = reading->field;
    const struct json_list *list = field->list;
    size_t count = 0;
    const char *tag;
    json_t *value;

    if (!json_is_object(reading->value))
        return refuse(reading->problem, reading->place, reading->value,
                      "an object");
    if (json_object_size(reading->value) > (size_t)field->most)
        return json_read_problem(reading->problem, reading->place, NULL,
                                 "%zu languages, at most %lld expected",
                                 json_object_size(reading->value),
                                 (long long)field->most);
    json_object_foreach(reading->value, tag, value)
    {
        struct json_place place = {.parent = reading->place, .name = tag};
        char *entry = out + field->offset + count++ * list->entry_bytes;
        if (!json_read_is_language(tag))
            return json_read_problem(reading->problem, reading->place, tag,
                                     "a language tag like ug or bo expected, "
                                     "other than Chinese");
        if (!json_read_object(value, &place, list->entry, entry,
                              reading->passed, reading->problem))
            return false;
        *(const char **)(void *)entry = tag;
    }
    memcpy(out + list->count_offset, &count, sizeof count);
    return true;
}

static bool read_value(const struct reading *reading, char *out)
{
    void *slot = out + reading->field->offset;
    int64_t number = 0;
    int word = 0;

    switch (reading->field->shape) {
    case FIELD_LINE:
    case FIELD_PARAGRAPHS:
    case FIELD_URL:
    case FIELD_IDENTIFIER:
    case FIELD_SCOPE:
        return read_text(reading, slot);
    case FIELD_TIME:
        return read_time(reading, slot);
    case FIELD_DECIMAL:
        return read_decimal(reading, slot);
    case FIELD_LONG:
        return read_long(reading, slot);
    case FIELD_INT:
        if (!read_long(reading, &number))
            return false;
        put_int(slot, (int)number);
        return true;
    case FIELD_WORD:
        if (!read_word(reading, &word))
            return false;
        put_int(slot, word);
        return true;
    case FIELD_EITHER:
        if (!read_word(reading, &word))
            return false;
        *(bool *)slot = word == 1;
        return true;
    case FIELD_TEXTS:
    case FIELD_OBJECTS:
        return read_list(reading, out);
    case FIELD_LANGUAGES:
        return read_languages(reading, out);
    case FIELD_OTHER:
        break;
    }
    return true;
}

/* The values of absent fields; numbers, lists and flags are zero already. */
static void preset(const struct json_field *field, char *out)
{
    void *slot = out + field->offset;

    switch (field->shape) {
    case FIELD_LINE:
    case FIELD_PARAGRAPHS:
    case FIELD_URL:
    case FIELD_IDENTIFIER:
    case FIELD_SCOPE:
        *(const char **)slot = no_text;
        break;
    case FIELD_TIME:
        *(int64_t *)slot = TIMESTAMP_NONE;
        break;
    case FIELD_WORD:
        put_int(slot, field->words->absent);
        break;
    default:
        break;
    }
}

static bool is_known(const struct json_field *fields, const char *name)
{
    for (; fields->name; fields++) {
        if (strcmp(fields->name, name) == 0)
            return true;
    }
    return false;
}

bool json_read_object(json_t *object, const struct json_place *place,
                      const struct json_field *fields, void *out,
                      struct json_passed *passed, struct problem *problem)
{
    const char *name;
    json_t *value;

    if (!json_is_object(object))
        return refuse(problem, place, object, "an object");
    json_object_foreach(object, name, value)
    {
        if (is_known(fields, name))
            continue;
        if (!passed)
            return json_read_problem(problem, place, name, "unknown field");
        json_pass_over(passed, place, name, NULL);
    }
    for (const struct json_field *field = fields; field->name; field++) {
        struct json_place at = {.parent = place, .name = field->name};
        value = json_object_get(object, field->name);
        struct reading reading = {value, field, &at, passed, problem};
        preset(field, out);
        if (!value && field->required)
            return json_read_problem(problem, place, field->name,
                                     "this field is missing");
        if (value && !read_value(&reading, out))
            return false;
    }
    return true;
}

static void visit_list(const struct json_field *field, const char *object,
                       const struct json_place *place, json_visit *visit,
                       void *context)
{
    const struct json_list *list = field->list;
    size_t count = 0;

    memcpy(&count, object + list->count_offset, sizeof count);
    for (size_t i = 0; i < count; i++) {
        struct json_place entry = {.parent = place, .index = i};
        const char *at = object + field->offset + i * list->entry_bytes;
        if (field->shape == FIELD_LANGUAGES)
            entry.name = *(const char *const *)(const void *)at;
        if (field->shape != FIELD_TEXTS)
            json_visit_texts(list->entry, at, &entry, visit, context);
        else if (list->entry->shape == FIELD_LINE)
            visit(context, &entry, *(const char *const *)(const void *)at);
    }
}

void json_visit_texts(const struct json_field *fields, const void *object,
                      const struct json_place *place, json_visit *visit,
                      void *context)
{
    for (const struct json_field *field = fields; field->name; field++) {
        struct json_place at = {.parent = place, .name = field->name};
        const char *slot = (const char *)object + field->offset;
        switch (field->shape) {
        case FIELD_LINE:
        case FIELD_PARAGRAPHS:
            visit(context, &at, *(const char *const *)(const void *)slot);
            break;
        case FIELD_TEXTS:
        case FIELD_OBJECTS:
        case FIELD_LANGUAGES:
            visit_list(field, object, &at, visit, context);
            break;
        default:
            break;
        }
    }
}
