/* Counts crashes, decides on safe mode, and lets go of both when the display
 * has proved itself. */
#include "display/edge/app/recovery.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

/* In memory, where the service manager gives us a folder: it keeps that over a
 * restart of the service, and a card is not written for it. Else beside the
 * store. */
static void place_note(const struct display *display,
                       char out[RUN_NOTE_PATH_BYTES])
{
    const char *store = display->config->store_file;
    const char *folder = getenv("RUNTIME_DIRECTORY");

    out[0] = '\0';
    if (folder && folder[0])
        snprintf(out, RUN_NOTE_PATH_BYTES, "%.*s/display.run",
                 (int)strcspn(folder, ":"), folder);
    else if (store[0])
        snprintf(out, RUN_NOTE_PATH_BYTES, "%s.run", store);
}

void recovery_begin(struct display *display, int64_t mono_ms)
{
    char path[RUN_NOTE_PATH_BYTES];
    struct problem problem = {0};

    display->healthy_since_ms = mono_ms;
    place_note(display, path);
    if (!run_note_begin(&display->note, path, &problem)) {
        snprintf(problem.consequence, sizeof problem.consequence,
                 "crashes are not counted");
        log_problem(LOG_WARNING, "health", &problem);
    }
    if (display->note.crashes > 0)
        log_write(LOG_WARNING, "health: %d starts before this one ended early",
                  display->note.crashes);
    display->safe = display->options->safe ||
                    display->note.crashes >= RUN_NOTE_CRASHES;
    if (display->safe)
        log_write(LOG_ERROR,
                  "health: safe mode: nothing but words; a restart in order "
                  "ends it");
}

void recovery_name_place(struct display *display)
{
    const char *name = display->config->place_name;

    snprintf(display->safe_place, sizeof display->safe_place, "%s%s%s", name,
             name[0] ? " · " : "", display->glass.theme.words[WORD_SAFE]);
}

static bool has_rested(const struct display *display, const struct scene *scene)
{
    return display->rested.known && display->rested.showing == scene->showing &&
           display->rested.alert == scene->alert.showing;
}

void recovery_before_frame(struct display *display, const struct scene *scene)
{
    if (has_rested(display, scene))
        return;
    run_note_work(&display->note, RUN_DRAWING, scene->message);
    run_note_work(&display->note, RUN_DRAWING_BESIDE, scene->alert.message);
}

void recovery_behind_frame(struct display *display, const struct scene *scene,
                           bool at_rest)
{
    if (!at_rest || has_rested(display, scene))
        return;
    display->rested = (struct display_page){true, scene->showing,
                                            scene->alert.showing};
    run_note_rest(&display->note);
}

/* What made it crash may be gone: a new start tries the whole of it again.
 * Not while an alert is in force, nor where nobody would start it. */
static void try_again(struct display *display)
{
    if (display->options->safe || !display->health.supervised ||
        board_figures(display->board).alerts > 0)
        return;
    log_write(LOG_WARNING,
              "health: %d hours in safe mode without a crash; ends, so that "
              "the service manager starts it whole",
              RECOVERY_SAFE_MS / 3600000);
    display->ending = true;
}

void recovery_watch(struct display *display, bool healthy,
                    const struct moment *now)
{
    if (!healthy)
        display->healthy_since_ms = now->mono_ms;
    int64_t lasts_ms = now->mono_ms - display->healthy_since_ms;
    if (!display->safe && lasts_ms >= RUN_NOTE_SETTLE_MS)
        run_note_settle(&display->note);
    if (display->safe && lasts_ms >= RECOVERY_SAFE_MS)
        try_again(display);
}
