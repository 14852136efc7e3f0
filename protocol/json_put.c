/* Puts texts into objects and lists. */
#include "protocol/json_put.h"

#include "base/utf8.h"

#include <string.h>

static bool fits(const char *field, const char *text, struct problem *problem)
{
    size_t at = 0;

    return utf8_is_valid(text, strlen(text), &at) ||
           problem_set_field(problem, field,
                             "byte 0x%02X found, UTF-8 expected",
                             (unsigned char)text[at]);
}

bool json_put_text(json_t *object, const char *field, const char *text,
                   struct problem *problem)
{
    return fits(field, text, problem) &&
           (json_object_set_new(object, field, json_string(text)) == 0 ||
            problem_set(problem, PROBLEM_SYSTEM, "out of memory"));
}

bool json_put_entry(json_t *list, const char *field, const char *text,
                    struct problem *problem)
{
    return fits(field, text, problem) &&
           (json_array_append_new(list, json_string(text)) == 0 ||
            problem_set(problem, PROBLEM_SYSTEM, "out of memory"));
}
