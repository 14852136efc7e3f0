/* Any bytes as a file of a warning centre: what is mapped is a draft that the
 * publisher takes, and what is written out of it can be read again. */
#include "tests/fuzz/check.h"

#include "cap/cap_map.h"
#include "cap/cap_write.h"
#include "protocol/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char place[] = "warning.xml";

/* Every second identifier was sent before. */
static bool find(void *context, const char *sender, const char *identifier,
                 char out[CAP_ID_BYTES])
{
    (void)context;
    (void)sender;
    if (strlen(identifier) % 2 == 0)
        return false;
    strcpy(out, "sent-before");
    return true;
}

static struct cap_alert *read_file(const char *bytes, size_t size,
                                   struct problem *problem)
{
    struct cap_alert *alert = NULL;

    if (cap_read(bytes, size, place, &alert, problem))
        return alert;
    FUZZ_CHECK(alert == NULL);
    fuzz_check_problem(problem);
    FUZZ_CHECK(strcmp(problem->place, place) == 0);
    return NULL;
}

static void check_written(const struct message *message)
{
    const char *const scopes[] = {"area-410103"};
    const struct cap_write_frame frame = {.issued_ms = INT64_C(1626777000000),
                                          .utc_offset_minutes = 480,
                                          .scopes = scopes,
                                          .scope_count = 1};
    struct problem problem = {0};
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);

    FUZZ_CHECK(out);
    bool written = cap_write(message, &frame, out);
    FUZZ_CHECK(fclose(out) == 0 && written);
    struct cap_alert *again = read_file(text, bytes, &problem);
    FUZZ_CHECK(again && again->dialect == CAP_DIALECT_1_2);
    cap_alert_destroy(again);
    free(text);
}

static void check_draft(const struct cap_draft *draft)
{
    struct problem problem = {0};
    struct message *message = NULL;
    char *text = json_dumps(draft->json, 0);

    FUZZ_CHECK(text);
    FUZZ_CHECK(identifier_is_valid(draft->id));
    FUZZ_CHECK(!draft->scope[0] || scope_is_valid(draft->scope));
    FUZZ_CHECK((unsigned)draft->level < ALERT_LEVEL_COUNT);
    FUZZ_CHECK(message_parse(text, strlen(text), MESSAGE_DRAFT, place, &message,
                             &problem) ||
               problem.code == PROBLEM_TOO_LARGE);
    if (message) {
        FUZZ_CHECK(strcmp(message->id, draft->id) == 0);
        check_written(message);
    }
    message_destroy(message);
    free(text);
}

static void check_mapping(const struct cap_alert *alert,
                          const struct cap_history *history)
{
    struct cap_mapping mapping = {0};
    struct problem problem = {0};

    if (!cap_to_alerts(alert, history, &mapping, &problem)) {
        fuzz_check_problem(&problem);
        return;
    }
    FUZZ_CHECK(mapping.id_count >= 1 && mapping.id_count <= CAP_CHAINS_MAX);
    FUZZ_CHECK(mapping.draft_count >= 1);
    for (size_t i = 0; i < mapping.draft_count; i++)
        check_draft(&mapping.drafts[i]);
    for (size_t i = 0; i < mapping.notes.count; i++)
        fuzz_check_text(mapping.notes.items[i],
                        strlen(mapping.notes.items[i]) + 1);
    cap_mapping_finish(&mapping);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct cap_history history = {.find = find};
    struct problem problem = {0};
    char *bytes = fuzz_copy(data, size);
    struct cap_alert *alert = read_file(bytes, size, &problem);

    if (alert) {
        check_mapping(alert, NULL);
        check_mapping(alert, &history);
    }
    cap_alert_destroy(alert);
    free(bytes);
    return 0;
}
