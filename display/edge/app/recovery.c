/* Reports presented frames to systemd's watchdog, so that a display that hangs
 * or cannot draw is restarted; counts crashes and decides on safe mode. Without
 * systemd nothing is reported. */
#include "display/edge/app/recovery.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

#include "base/log.h"
#include "base/translate.h"

bool health_is_supervised(void)
{
    return getenv("NOTIFY_SOCKET") != NULL;
}

void health_init(struct health *health, int64_t mono_ms)
{
    *health = (struct health){.next_ms = INT64_MAX,
                              .supervised = health_is_supervised()};
#ifdef HAVE_SYSTEMD
    uint64_t limit_us = 0;
    if (sd_watchdog_enabled(0, &limit_us) > 0 && limit_us > 2000)
        health->interval_ms = (int64_t)(limit_us / 1000 / 2);
    if (health->interval_ms > 0)
        health->next_ms = mono_ms;
#else
    (void)mono_ms;
#endif
}

bool health_is_due(const struct health *health, int64_t mono_ms)
{
    return mono_ms >= health->next_ms;
}

void health_feed(struct health *health, int64_t mono_ms)
{
#ifdef HAVE_SYSTEMD
    if (!health->ready)
        sd_notify(0, "READY=1");
    if (health_is_due(health, mono_ms)) {
        sd_notify(0, "WATCHDOG=1");
        health->next_ms = mono_ms + health->interval_ms;
    }
#else
    (void)mono_ms;
#endif
    health->ready = true;
}

void health_tell_stopping(void)
{
#ifdef HAVE_SYSTEMD
    sd_notify(0, "STOPPING=1");
#endif
}

void health_tell_dark(const struct problem *why)
{
    char text[512];

    problem_format(why, text, sizeof text);
#ifdef HAVE_SYSTEMD
    sd_notifyf(0, "STATUS=dark: %s", text);
#endif
}

void health_tell_status(bool safe, const char *line)
{
#ifdef HAVE_SYSTEMD
    sd_notifyf(0, "STATUS=%s%s%s", safe ? "safe mode" : "normal",
               line[0] ? tr("; no line: ") : "", line);
#else
    (void)safe, (void)line;
#endif
}

/* The note is in the service's runtime folder if there is one: that folder is
 * in memory, which does not wear out a flash card, and survives a restart of
 * the service. Otherwise it is beside the store. */
static void place_note(const char *store, char out[RUN_NOTE_PATH_BYTES])
{
    const char *folder = getenv("RUNTIME_DIRECTORY");

    out[0] = '\0';
    if (folder && folder[0])
        snprintf(out, RUN_NOTE_PATH_BYTES, "%.*s/display.run",
                 (int)strcspn(folder, ":"), folder);
    else if (store[0])
        snprintf(out, RUN_NOTE_PATH_BYTES, "%s.run", store);
}

void recovery_init(struct recovery *recovery, const char *store, bool trial,
                   int64_t mono_ms)
{
    char path[RUN_NOTE_PATH_BYTES];
    struct problem problem = {0};

    *recovery = (struct recovery){.trial = trial, .healthy_since_ms = mono_ms};
    health_init(&recovery->health, mono_ms);
    place_note(store, path);
    if (!run_note_begin(&recovery->note, path, &problem)) {
        snprintf(problem.consequence, sizeof problem.consequence,
                 "crashes are not counted");
        log_problem(LOG_WARNING, "health", &problem);
    }
    int crashes = recovery->note.crashes;
    if (crashes > 0)
        log_write(LOG_WARNING, "health: %d starts before this one ended early",
                  crashes);
    recovery->safe = trial || crashes >= RUN_NOTE_CRASHES;
    if (recovery->safe)
        log_write(LOG_ERROR,
                  "health: safe mode: nothing but words; a restart in order "
                  "ends it");
}

void recovery_finish(struct recovery *recovery, bool in_order)
{
    if (in_order)
        run_note_end(&recovery->note);
    else
        run_note_withdraw(&recovery->note);
}

void recovery_name_place(struct recovery *recovery, const char *name,
                         const char *mark)
{
    snprintf(recovery->safe_place, sizeof recovery->safe_place, "%s%s%s", name,
             name[0] ? " · " : "", mark);
}

/* FNV-1a. */
static uint64_t add_bytes(uint64_t hash, const void *bytes, size_t count)
{
    const unsigned char *byte = bytes;

    for (size_t i = 0; i < count; i++)
        hash = (hash ^ byte[i]) * 0x100000001B3u;
    return hash;
}

static uint64_t add_page(uint64_t hash, const struct message *message,
                         size_t page, enum presentation presentation)
{
    if (!message)
        return add_bytes(hash, "", 1);
    hash = add_bytes(hash, &message->kind, sizeof message->kind);
    hash = add_bytes(hash, message->scope, strlen(message->scope) + 1);
    hash = add_bytes(hash, message->id, strlen(message->id) + 1);
    hash = add_bytes(hash, &message->seq, sizeof message->seq);
    hash = add_bytes(hash, &page, sizeof page);
    return add_bytes(hash, &presentation, sizeof presentation);
}

static uint64_t hash_of(const struct scene *scene)
{
    uint64_t hash = add_page(0xCBF29CE484222325u, scene->message, scene->page,
                             scene->place.presentation);

    return add_page(hash, scene->alert.message, scene->alert.page,
                    scene->alert.place.presentation);
}

static bool was_drawn(const struct recovery *recovery, uint64_t hash)
{
    for (size_t i = 0; i < RECOVERY_DRAWN && i < recovery->drawn_count; i++) {
        if (recovery->drawn[i] == hash)
            return true;
    }
    return false;
}

void recovery_before_frame(struct recovery *recovery, const struct scene *scene)
{
    if (frame_mark_is_of(&recovery->rested, scene))
        return;
    if (was_drawn(recovery, hash_of(scene))) {
        run_note_rest(&recovery->note);
        return;
    }
    run_note_work(&recovery->note, RUN_DRAWING, scene->message);
    run_note_work(&recovery->note, RUN_DRAWING_BESIDE, scene->alert.message);
}

void recovery_behind_frame(struct recovery *recovery, const struct scene *scene,
                           bool at_rest)
{
    if (!at_rest || !frame_mark_move(&recovery->rested, scene))
        return;
    uint64_t hash = hash_of(scene);
    if (!was_drawn(recovery, hash))
        recovery->drawn[recovery->drawn_count++ % RECOVERY_DRAWN] = hash;
    run_note_rest(&recovery->note);
}

/* The cause of the crashes may be gone, so a restart tries the normal mode; but
 * not while an alert is in force, nor where nothing would restart the program.
 */
static bool may_try_again(const struct recovery *recovery, int alerts)
{
    if (recovery->trial || !recovery->health.supervised || alerts > 0)
        return false;
    log_write(LOG_WARNING,
              "health: %d hours in safe mode without a crash; ends, so that "
              "the service manager starts it whole",
              RECOVERY_SAFE_MS / 3600000);
    return true;
}

bool recovery_watch(struct recovery *recovery, bool healthy, int alerts,
                    const struct moment *now)
{
    if (!healthy)
        recovery->healthy_since_ms = now->mono_ms;
    int64_t lasts_ms = now->mono_ms - recovery->healthy_since_ms;
    if (!recovery->safe && lasts_ms >= RUN_NOTE_SETTLE_MS)
        run_note_settle(&recovery->note);
    return recovery->safe && lasts_ms >= RECOVERY_SAFE_MS &&
           may_try_again(recovery, alerts);
}
