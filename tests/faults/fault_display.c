/* kill -9 of the display while messages stream in: what it verified before is
 * there after the start, from its store, and what was cancelled is not. */
#include "tests/faults/fault.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/bench_fixture.h"
#include "tests/support/folder.h"

enum {
    STREAM_STEP_MS = 3,
    STREAM_LIMIT_MS = 120,
    EARLY_EVERY = 4, /* one kill of so many comes before the first frame */
    EARLY_LIMIT_MS = 250,
    TOMB_EVERY = 5,
    OPERATOR_EVERY = 100, /* an operator remembers what it was answered */
    GOOD_START_MS = 1000,
};

/* What the journal of one run tells. */
struct told {
    int64_t verified;   /* newest sequence number of the alert */
    int64_t from_store; /* shown before the line was up; 0: nothing */
    bool tomb_shown;
};

static void take_line(struct told *told, const json_t *line, bool *line_up)
{
    const char *event = json_string_value(json_object_get(line, "event"));
    const char *id = json_string_value(json_object_get(line, "id"));
    int64_t seq = json_integer_value(json_object_get(line, "seq"));

    if (!event)
        return;
    *line_up |= strcmp(event, "line-up") == 0;
    if (!id)
        return;
    bool shown = strcmp(event, "shown") == 0;
    told->tomb_shown |= shown && strncmp(id, "tomb", 4) == 0;
    if (strcmp(id, lane_alert_id) != 0)
        return;
    if (shown && !*line_up && told->from_store == 0)
        told->from_store = seq;
    if (strcmp(event, "verified") == 0 && seq > told->verified)
        told->verified = seq;
}

static struct told read_journal(struct lane *lane)
{
    struct told told = {0};
    char *journal = folder_read(lane->folder, "journal.jsonl");
    bool line_up = false;

    for (char *text = journal; text && *text;) {
        size_t bytes = strcspn(text, "\n");
        json_t *line = json_loadb(text, bytes, 0, NULL);
        take_line(&told, line, &line_up);
        json_decref(line);
        text += bytes + (text[bytes] == '\n');
    }
    free(journal);
    return told;
}

static double random_ms(unsigned *seed, int limit_ms)
{
    return (double)(rand_r(seed) % (limit_ms * 100)) / 100;
}

static bool send_now(struct lane *lane, const char *kind, const char *id,
                     int64_t seq, const char *content)
{
    const struct signer_message message = {
        .kind = kind, .id = id, .seq = seq, .content = content};
    char topic[512];
    char *text = signer_seal(lane->signer, &message);

    signer_topic(&message, topic);
    bool sent = text && link_publish(peer_link(lane->operator), topic, text,
                                     strlen(text), 1, true, 0);
    free(text);
    return sent;
}

/* Sends and does not wait for answers. */
static bool stream(struct lane *lane, double for_ms)
{
    double end_ms = bench_now_ms() + for_ms;

    do {
        if (!send_now(lane, "alert", lane_alert_id, lane->seq + 1,
                      lane_wording(lane->seq + 1, "orange")))
            return false;
        lane->seq++;
        bench_pause(STREAM_STEP_MS);
    } while (bench_now_ms() < end_ms);
    return true;
}

/* An alert that was cancelled before it came: red, so the eye would see it.
 * The broker retains the alert alone; only the store knows of its end. */
static bool bury(struct lane *lane, int time)
{
    char id[32], topic[64];

    snprintf(id, sizeof id, "tomb-%d", time);
    snprintf(topic, sizeof topic, "gaoshi/1/erqi/down/all/alert/%s", id);
    return send_now(lane, "alert-cancel", id, 2,
                    "{\"status\": \"actual\", \"event\": \"暴雨\"}") &&
           screen_wait(lane->screen, "received", topic, 1) &&
           send_now(lane, "alert", id, 1, lane_wording(1, "red"));
}

static void check_start(struct fault_context *context, struct lane *lane,
                        int64_t verified, int time)
{
    double took_ms = lane_wait(lane, 0);
    struct told told = read_journal(lane);

    if (told.from_store > 0 && told.from_store < verified)
        fault_note_lost(context, "what was verified before the kill", time);
    if (told.tomb_shown)
        fault_note_wrong(context, "a cancelled alert came back", time);
    if (lane->start_ms > GOOD_START_MS)
        fprintf(stderr, "time %d: a start of %.0f ms\n", time + 1,
                lane->start_ms);
    if (took_ms < 0)
        fault_note_lost(context, "the newest wording", time);
    distribution_add(&context->out->start_ms, lane->start_ms);
}

static bool kill_early(struct lane *lane, unsigned *seed)
{
    bool started = lane_launch_display(lane);

    bench_pause(random_ms(seed, EARLY_LIMIT_MS));
    return started && lane_kill_display(lane);
}

static bool once(struct fault_context *context, struct lane *lane, int time,
                 unsigned *seed, int64_t *verified)
{
    if (!lane_start_display(lane))
        return false;
    check_start(context, lane, *verified, time);
    bool good = (time % TOMB_EVERY != 1 || bury(lane, time)) &&
                stream(lane, random_ms(seed, STREAM_LIMIT_MS));

    if (!good)
        return false;
    good = lane_kill_display(lane);
    *verified = read_journal(lane).verified;
    if (good && time % EARLY_EVERY == 0)
        good = kill_early(lane, seed);
    context->out->tried += good;
    return good;
}

static void kill_again_and_again(const struct fault *fault,
                                 struct fault_context *context)
{
    struct lane lane;
    unsigned seed = 1;
    int64_t verified = 0;
    bool good = lane_open(&lane, context->eye, context->pictures,
                          &fault->lane) &&
                lane_update(&lane);

    for (int time = 0; good && time < context->times; time++) {
        if (time % OPERATOR_EVERY == OPERATOR_EVERY - 1)
            good = lane_change_operator(&lane);
        good = good && once(context, &lane, time, &seed, &verified);
    }
    snprintf(context->out->note, sizeof context->out->note,
             "%lld wordings streamed", (long long)lane.seq);
    context->out->failed = !lane_close(&lane) || !good;
}

const struct fault display_faults[] = {
    {.name = "display-kill",
     .does = "kill -9 of the display at random moments while messages stream",
     .times = 1000,
     .share = 8,
     .run = kill_again_and_again},
    {.name = NULL},
};
