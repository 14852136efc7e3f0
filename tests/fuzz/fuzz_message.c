/* Any bytes as a body, as a draft and on the wire. What is read can be
 * written and read again; a draft can be made a body for the wire. */
#include "tests/fuzz/check.h"

#include "base/timestamp.h"
#include "protocol/message.h"
#include "publisher/send/compose.h"

#include <stdlib.h>
#include <string.h>

static const char place[] = "place.json";

static struct message *parse(const char *body, size_t bytes,
                             enum message_form form, struct problem *problem)
{
    struct message *message = NULL;

    if (message_parse(body, bytes, form, place, &message, problem))
        return message;
    FUZZ_CHECK(message == NULL);
    fuzz_check_problem(problem);
    FUZZ_CHECK(strcmp(problem->place, place) == 0);
    return NULL;
}

static void check_same(const struct message *a, const struct message *b)
{
    FUZZ_CHECK(json_equal(a->root, b->root));
    FUZZ_CHECK(a->kind == b->kind && a->seq == b->seq);
    FUZZ_CHECK(strcmp(a->id, b->id) == 0);
    FUZZ_CHECK(a->issued_ms == b->issued_ms && a->expires_ms == b->expires_ms);
}

static void check_again(const struct message *message, enum message_form form)
{
    struct problem problem = {0};
    char *text = json_dumps(message->root, JSON_REAL_PRECISION(15));

    FUZZ_CHECK(text);
    struct message *again = parse(text, strlen(text), form, &problem);
    FUZZ_CHECK(again || problem.code == PROBLEM_TOO_LARGE);
    if (again)
        check_same(message, again);
    message_destroy(again);
    free(text);
}

static void check_topic(const struct message *message)
{
    char text[LIMIT_TOPIC_BYTES];
    struct topic topic, again;

    FUZZ_CHECK(message_topic(message, &topic));
    FUZZ_CHECK(topic_format(&topic, text));
    FUZZ_CHECK(topic_parse(text, &again));
    FUZZ_CHECK(message_agrees_with_topic(message, &again, NULL));
}

/* Only its size, its end and the time of a measurement can keep a draft from
 * the wire. */
static void check_composed(const struct message *draft)
{
    const struct compose_frame frame = {
        .org = draft->org[0] ? draft->org : "erqi",
        .seq = LIMIT_SEQUENCE,
        .issued_ms = 0,
    };
    struct problem problem = {0};
    char *body = NULL;
    size_t bytes = 0;

    if (draft->kind == MESSAGE_COMMAND || draft->kind == MESSAGE_TICK ||
        draft->kind == MESSAGE_KEYS)
        return;
    FUZZ_CHECK(compose_body(draft->root, &frame, &body, &bytes, &problem));
    struct message *message = parse(body, bytes, MESSAGE_WIRE, &problem);
    FUZZ_CHECK(message || problem.code == PROBLEM_TOO_LARGE ||
               strcmp(problem.field, "expires") == 0 ||
               strcmp(problem.field, "figure.at") == 0);
    if (message)
        check_topic(message);
    message_destroy(message);
    free(body);
}

static void check_form(const char *body, size_t bytes, enum message_form form)
{
    struct problem problem = {0};
    struct message *message = parse(body, bytes, form, &problem);

    if (!message)
        return;
    check_again(message, form);
    if (form == MESSAGE_WIRE)
        check_topic(message);
    else
        check_composed(message);
    message_destroy(message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *body = fuzz_copy(data, size);

    check_form(body, size, MESSAGE_DRAFT);
    check_form(body, size, MESSAGE_WIRE);
    free(body);
    return 0;
}
