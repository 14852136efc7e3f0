/* Reads live figures. */
#include "protocol/figure.h"

#include "base/timestamp.h"
#include "protocol/limits.h"

/* clang-format off */
#define FIGURE(member) .offset = offsetof(struct figure, member)
static const struct json_field figure_fields[] = {
    {"value", FIELD_DECIMAL, true, FIGURE(value)},
    {"at", FIELD_TIME, FIGURE(at_ms)},
    {"unit", FIELD_LINE, FIGURE(unit), .most = LIMIT_UNIT_CHARACTERS},
    {0},
};
/* clang-format on */

static const struct json_place figure_place = {.name = "figure"};

bool figure_read(json_t *object, int64_t issued_ms, struct figure *out,
                 struct json_passed *passed, struct problem *problem)
{
    struct figure figure = {0};

    if (!json_read_object(object, &figure_place, figure_fields, &figure, passed,
                          problem))
        return false;
    if (issued_ms != TIMESTAMP_NONE && figure.at_ms > issued_ms)
        return json_read_problem(problem, &figure_place, "at",
                                 "a time not after issued expected");
    *out = figure;
    return true;
}
