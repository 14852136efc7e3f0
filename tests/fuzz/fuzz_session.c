/* Any bytes as a recorded session: what it yields lies within the file and its
 * bounds, and written again it is read the same. */
#include "tests/fuzz/check.h"

#include "base/log.h"
#include "display/edge/app/session_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TIME_END (INT64_C(1) << 50)

static void check_message(const struct session *session, size_t number,
                          size_t size)
{
    const struct session_message *message = &session->messages[number];
    const char *end = session->text + size;

    FUZZ_CHECK(message->at_ms >= 0 && message->at_ms < TIME_END);
    FUZZ_CHECK(message->payload >= session->text && message->payload <= end);
    FUZZ_CHECK(message->bytes <= (size_t)(end - message->payload));
    FUZZ_CHECK(strlen(message->topic) < size);
}

static void check_session(const struct session *session, size_t size)
{
    FUZZ_CHECK(session->width_px >= GLASS_SIDE_MIN_PX &&
               session->width_px <= GLASS_SIDE_MAX_PX);
    FUZZ_CHECK(session->height_px >= GLASS_SIDE_MIN_PX &&
               session->height_px <= GLASS_SIDE_MAX_PX);
    FUZZ_CHECK(session->dwell_ms >= 0 && session->dwell_ms < TIME_END);
    FUZZ_CHECK(session->wall_ms >= 0 && session->wall_ms < TIME_END);
    FUZZ_CHECK(session->end_ms >= 0 && session->end_ms < 2 * TIME_END);
    FUZZ_CHECK(session->ring.count <= KEY_RING_MAX);
    for (size_t i = 0; i < session->count; i++)
        check_message(session, i, size);
}

static void write_again(const struct session *session, const char *file)
{
    const struct session_start start = {.config = &session->config,
                                        .ring = &session->ring,
                                        .width_px = session->width_px,
                                        .height_px = session->height_px,
                                        .dwell_ms = session->dwell_ms,
                                        .wall_ms = session->wall_ms};
    struct moment end = {.mono_ms = session->end_ms};
    struct session_writer *writer = NULL;
    struct problem problem = {.code = PROBLEM_NONE};

    FUZZ_CHECK(session_writer_create(file, &start, &writer, &problem));
    for (size_t i = 0; i < session->count; i++) {
        struct moment at = {.mono_ms = session->messages[i].at_ms};
        session_note(writer, &session->messages[i], &at);
    }
    session_writer_destroy(writer, &end);
}

static void check_same(const struct session *a, const struct session *b)
{
    FUZZ_CHECK(a->width_px == b->width_px && a->height_px == b->height_px);
    FUZZ_CHECK(a->dwell_ms == b->dwell_ms && a->wall_ms == b->wall_ms);
    FUZZ_CHECK(a->end_ms == b->end_ms);
    FUZZ_CHECK(a->ring.count == b->ring.count && a->count == b->count);
    for (size_t i = 0; i < a->count; i++) {
        const struct session_message *one = &a->messages[i];
        const struct session_message *two = &b->messages[i];
        FUZZ_CHECK(one->at_ms == two->at_ms && one->bytes == two->bytes);
        FUZZ_CHECK(one->stored == two->stored);
        FUZZ_CHECK(one->received_ms == two->received_ms);
        FUZZ_CHECK(strcmp(one->topic, two->topic) == 0);
        FUZZ_CHECK(memcmp(one->payload, two->payload, one->bytes) == 0);
    }
}

/* What the writer writes of a configuration is read again, where the first
 * session has one. */
static void check_round(const struct session *session)
{
    static struct session again;
    struct problem problem = {.code = PROBLEM_NONE};
    char file[64];

    snprintf(file, sizeof file, "%s/session-%d",
             getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", (int)getpid());
    write_again(session, file);
    bool read = session_read(file, &again, &problem);
    unlink(file);
    if (!read)
        fprintf(stderr, "%s: %s\n", problem.field, problem.expected);
    FUZZ_CHECK(read);
    check_same(session, &again);
    session_finish(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct session session;
    struct problem problem = {.code = PROBLEM_NONE};
    const char *path = fuzz_file(data, size);

    log_set_level(LOG_ERROR);
    if (session_read(path, &session, &problem)) {
        check_session(&session, size);
        check_round(&session);
    } else {
        fuzz_check_problem(&problem);
    }
    session_finish(&session);
    return 0;
}
