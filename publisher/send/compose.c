/* Fills in what a draft leaves open, and writes the body as text. */
#include "publisher/send/compose.h"

#include "base/timestamp.h"

#include <stdlib.h>
#include <string.h>

/* 15 digits bring every decimal of 15 digits back as it was typed. */
#define PRINT_FLAGS                                                            \
    (JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(15))

/* The text that stands in the body: the draft's or the frame's, which must
 * not contradict each other. NULL: refused. */
static const char *agreed_text(const json_t *draft, const char *field,
                               const char *framed, const char *otherwise,
                               struct problem *problem)
{
    const char *drafted = json_string_value(json_object_get(draft, field));

    if (drafted && framed && strcmp(drafted, framed) != 0) {
        problem_set_field(problem, field,
                          "'%s' stands in the draft, '%s' was asked for",
                          drafted, framed);
        return NULL;
    }
    if (!drafted && !framed && !otherwise)
        problem_set_field(problem, field,
                          "missing: neither in the draft nor "
                          "given");
    return drafted ? drafted : framed ? framed : otherwise;
}

/* Header first, then the draft's own fields in their order. */
static json_t *build(const json_t *draft, const struct compose_frame *frame,
                     const char *org, const char *scope)
{
    char issued[TIMESTAMP_BYTES];
    json_t *body = json_object();
    int failed = 0;

    timestamp_format(frame->issued_ms, frame->utc_offset_minutes, issued);
    failed |= json_object_set_new(body, "gaoshi", json_integer(1));
    failed |= json_object_set(body, "kind", json_object_get(draft, "kind"));
    if (json_object_get(draft, "id"))
        failed |= json_object_set(body, "id", json_object_get(draft, "id"));
    failed |= json_object_set_new(body, "org", json_string(org));
    failed |= json_object_set_new(body, "scope", json_string(scope));
    failed |= json_object_set_new(body, "seq", json_integer(frame->seq));
    failed |= json_object_set_new(body, "issued", json_string(issued));
    failed |= json_object_update_missing(body, (json_t *)(uintptr_t)draft);
    if (!failed)
        return body;
    json_decref(body);
    return NULL;
}

char *compose_print(const json_t *body)
{
    return json_dumps(body, PRINT_FLAGS);
}

bool compose_body(const json_t *draft, const struct compose_frame *frame,
                  char **out, size_t *bytes, struct problem *problem)
{
    const char *org = agreed_text(draft, "org", frame->org, NULL, problem);
    if (!org)
        return false;
    const char *scope = agreed_text(draft, "scope", frame->scope, "all",
                                    problem);
    if (!scope)
        return false;
    json_t *body = build(draft, frame, org, scope);
    char *text = body ? compose_print(body) : NULL;
    json_decref(body);
    if (!text)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    *out = text;
    *bytes = strlen(text);
    return true;
}
