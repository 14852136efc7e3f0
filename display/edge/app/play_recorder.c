/* Turns scenes into entries of the log of plays. */
#include "display/edge/app/play_recorder.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"

/* The clock is told again when it moved by more than this. */
enum { CLOCK_STEP_MS = 2000 };

static void add_line(struct play_recorder *recorder,
                     const struct play_entry *entry)
{
    char line[PLAY_LINE_BYTES];
    size_t bytes = play_entry_format(entry, line);

    /* Room is left for a line that tells how many are lost. */
    if (recorder->used + bytes + PLAY_LINE_BYTES > PLAY_LINES_BYTES) {
        recorder->lost++;
        return;
    }
    memcpy(recorder->lines + recorder->used, line, bytes);
    recorder->used += bytes;
}

static struct play_entry make_entry(const struct play_recorder *recorder,
                                    enum play_kind kind,
                                    const struct moment *now)
{
    return (struct play_entry){.kind = kind,
                               .mono_ms = now->mono_ms - recorder->begun_ms,
                               .wall_ms = moment_trusted_wall_ms(now)};
}

void play_recorder_init(struct play_recorder *recorder, const char *store_file,
                        const struct moment *now)
{
    struct problem problem = {
        .consequence = "the log of what was shown begins anew"};

    *recorder = (struct play_recorder){.begun_ms = now->mono_ms};
    if (!play_file_open(&recorder->file, store_file, &problem))
        log_problem(LOG_WARNING, "plays", &problem);
    recorder->lines = recorder->file.path[0] ? malloc(PLAY_LINES_BYTES) : NULL;
    recorder->on = recorder->lines != NULL;
    if (!recorder->on)
        return;
    struct play_entry start = make_entry(recorder, PLAY_START, now);
    snprintf(start.version, sizeof start.version, "%s", GAOSHI_VERSION);
    recorder->written_ms = now->mono_ms;
    add_line(recorder, &start);
}

/* The entry ends now; when goes_on, the next one begins in the same moment. */
static void end_standing(struct play_recorder *recorder,
                         struct play_standing *standing, bool goes_on,
                         const struct moment *now)
{
    struct play_entry *entry = &standing->entry;

    entry->lasted_ms = now->mono_ms - recorder->begun_ms - entry->mono_ms;
    if (entry->lasted_ms > 0)
        add_line(recorder, entry);
    standing->any = goes_on;
    if (!goes_on)
        return;
    entry->mono_ms = now->mono_ms - recorder->begun_ms;
    entry->wall_ms = moment_trusted_wall_ms(now);
}

static const char *name_of(enum scene_kind kind)
{
    static const char *const names[] = {[SCENE_PLAIN] = "plain",
                                        [SCENE_PANEL] = "panel",
                                        [SCENE_ALERT] = "alert",
                                        [SCENE_CLEAR] = "clear"};

    return names[kind];
}

static bool is_same(const struct play_entry *entry, const char *what,
                    const struct message *message)
{
    return strcmp(entry->what, what) == 0 &&
           strcmp(entry->id, message ? message->id : "") == 0 &&
           entry->seq == (message ? message->seq : 0);
}

static bool is_of_alert(const struct play_entry *entry)
{
    return strcmp(entry->what, "alert") == 0 ||
           strcmp(entry->what, "clear") == 0;
}

/* what NULL: nothing stands there. */
static void look(struct play_recorder *recorder, struct play_standing *standing,
                 const char *what, const struct message *message,
                 const struct moment *now)
{
    struct play_entry *entry = &standing->entry;
    bool changes = false;

    if (standing->any && what && is_same(entry, what, message))
        return;
    if (standing->any) {
        changes = is_of_alert(entry);
        end_standing(recorder, standing, false, now);
    }
    if (what) {
        *entry = make_entry(recorder, PLAY_SHOW, now);
        entry->seq = message ? message->seq : 0;
        snprintf(entry->what, sizeof entry->what, "%s", what);
        snprintf(entry->id, sizeof entry->id, "%s", message ? message->id : "");
        changes = changes || is_of_alert(entry);
        standing->any = true;
    }
    if (changes && recorder->alert_ms == 0)
        recorder->alert_ms = now->mono_ms;
}

/* Entries of a run without a trusted clock get their time by this line. */
static void tell_clock(struct play_recorder *recorder, const struct moment *now)
{
    int64_t offset_ms = now->wall_ms - now->mono_ms;
    int64_t step_ms = offset_ms - recorder->clock_ms;

    if (!now->wall_trusted ||
        (recorder->clock_told && step_ms >= -CLOCK_STEP_MS &&
         step_ms <= CLOCK_STEP_MS))
        return;
    struct play_entry clock = make_entry(recorder, PLAY_CLOCK, now);
    add_line(recorder, &clock);
    recorder->clock_told = true;
    recorder->clock_ms = offset_ms;
}

static void tell_lost(struct play_recorder *recorder)
{
    struct play_entry lost = {.kind = PLAY_LOST, .count = recorder->lost};
    char line[PLAY_LINE_BYTES];

    if (recorder->lost == 0)
        return;
    size_t bytes = play_entry_format(&lost, line);
    memcpy(recorder->lines + recorder->used, line, bytes);
    recorder->used += bytes;
    recorder->lost = 0;
}

/* After a failure the lines wait for the next time. */
static void write_lines(struct play_recorder *recorder,
                        const struct moment *now)
{
    struct problem problem = {
        .consequence = "what is shown is not recorded until it works again"};
    size_t used = recorder->used;
    int64_t lost = recorder->lost;

    recorder->written_ms = now->mono_ms;
    recorder->written = true;
    recorder->alert_ms = 0;
    if (recorder->used == 0)
        return;
    tell_lost(recorder);
    if (play_file_append(&recorder->file, recorder->lines, recorder->used,
                         &problem)) {
        recorder->used = 0;
        if (recorder->failed)
            log_write(LOG_INFO, "plays: the log can be written again");
        recorder->failed = false;
        return;
    }
    recorder->used = used;
    recorder->lost = lost;
    if (!recorder->failed)
        log_problem(LOG_WARNING, "plays", &problem);
    recorder->failed = true;
}

static void write_all(struct play_recorder *recorder, const struct moment *now)
{
    for (size_t i = 0; i < 2; i++)
        if (recorder->standing[i].any)
            end_standing(recorder, &recorder->standing[i], true, now);
    write_lines(recorder, now);
}

void play_recorder_write(struct play_recorder *recorder,
                         const struct moment *now)
{
    if (!recorder->on || (recorder->asked_ms > 0 &&
                          now->mono_ms < recorder->asked_ms + PLAY_ASKED_MS))
        return;
    recorder->asked_ms = now->mono_ms;
    write_all(recorder, now);
}

int64_t play_recorder_next_ms(const struct play_recorder *recorder)
{
    int64_t batch_ms = recorder->written_ms + PLAY_BATCH_MS;
    int64_t soon_ms = recorder->alert_ms + PLAY_ALERT_MS;
    int64_t pause_ms = recorder->written_ms + PLAY_PAUSE_MS;
    bool crowded = recorder->used > PLAY_LINES_BYTES / 2;

    if (!recorder->on)
        return INT64_MAX;
    if (crowded && pause_ms < batch_ms)
        batch_ms = pause_ms;
    if (recorder->alert_ms == 0)
        return batch_ms;
    if (recorder->written && soon_ms < pause_ms)
        soon_ms = pause_ms;
    return soon_ms < batch_ms ? soon_ms : batch_ms;
}

void play_recorder_note(struct play_recorder *recorder,
                        const struct scene *scene, bool seen,
                        const struct moment *now)
{
    const struct message *above = scene->alert.message;
    enum scene_kind above_kind = above && above->kind == MESSAGE_ALERT
                                     ? SCENE_ALERT
                                     : SCENE_CLEAR;

    if (!recorder->on)
        return;
    tell_clock(recorder, now);
    look(recorder, &recorder->standing[0], seen ? name_of(scene->kind) : NULL,
         scene->message, now);
    look(recorder, &recorder->standing[1],
         seen && above ? name_of(above_kind) : NULL, above, now);
    if (now->mono_ms >= play_recorder_next_ms(recorder))
        write_all(recorder, now);
}

void play_recorder_finish(struct play_recorder *recorder,
                          const struct moment *now)
{
    if (!recorder->on)
        return;
    for (size_t i = 0; i < 2; i++)
        if (recorder->standing[i].any)
            end_standing(recorder, &recorder->standing[i], false, now);
    struct play_entry stop = make_entry(recorder, PLAY_STOP, now);
    add_line(recorder, &stop);
    write_lines(recorder, now);
    free(recorder->lines);
    *recorder = (struct play_recorder){.on = false};
}
