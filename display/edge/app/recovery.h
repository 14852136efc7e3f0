/* What a display does about its own failures: it tells the service manager how
 * it is, counts its crashes, goes to safe mode after three in a row, and comes
 * back from there. The loop's thread. */
#ifndef GAOSHI_DISPLAY_RECOVERY_H
#define GAOSHI_DISPLAY_RECOVERY_H

#include "base/problem.h"
#include "display/core/validation/moment.h"
#include "display/edge/app/frame.h"
#include "display/edge/app/run_note.h"
#include "display/edge/config/config.h"

#include <stdint.h>

/* So long safe mode lasts without a crash; then the display ends in order,
 * and the next start is a whole one. */
enum { RECOVERY_SAFE_MS = 6 * 60 * 60 * 1000 };

/* So many pages are remembered as drawn without a crash. */
enum { RECOVERY_DRAWN = 512 };

/* Word to systemd, with its watchdog. */
struct health {
    bool supervised;     /* somebody starts it again when it ends */
    bool ready;          /* READY was told */
    int64_t interval_ms; /* between words to the watchdog; 0: it is off */
    int64_t next_ms;     /* monotonic, of the next word; INT64_MAX: never */
};

/* Reads what the service manager wants (sd_watchdog_enabled). */
void health_init(struct health *health, int64_t mono_ms);

/* The watchdog must be told now. Before that the caller makes sure that frames
 * still reach the glass. */
bool health_is_due(const struct health *health, int64_t mono_ms);

/* After a turn without a failure: what had changed was presented, or nothing
 * had changed. The first call says READY. */
void health_feed(struct health *health, int64_t mono_ms);

void health_tell_stopping(void);

/* A service manager started the program, and starts it again when it ends. */
bool health_is_supervised(void);

/* Tells the service manager that there is no picture yet, and why. */
void health_tell_dark(const struct problem *why);

/* The status that the service manager shows. line: what is wrong with the
 * configuration of the line, "" for nothing. */
void health_tell_status(bool safe, const char *line);

struct recovery {
    struct run_note note;
    struct health health;
    bool trial; /* safe mode was asked for, and does not end by itself */
    bool safe;  /* safe mode */
    char safe_place[2 * CONFIG_NAME_BYTES]; /* the place's name, and a mark */
    int64_t healthy_since_ms; /* monotonic: since then every turn was */
    struct frame_mark rested; /* the last page that came to rest */
    /* The last pages that did, each by a hash of what it shows. */
    uint64_t drawn[RECOVERY_DRAWN];
    size_t drawn_count; /* also those that were forgotten since */
};

/* Reads the note of the last run, begins one of this, and decides on safe
 * mode. Before anything is built that could crash. store: the store's file, ""
 * for none; the note may lie beside it. */
void recovery_init(struct recovery *recovery, const char *store, bool trial,
                   int64_t mono_ms);

/* The run ends. in_order: it did not crash, so the note is thrown away. Else
 * this start does not count, but the crashes before it do. */
void recovery_finish(struct recovery *recovery, bool in_order);

/* After the theme was read: mark is its word for safe mode. */
void recovery_name_place(struct recovery *recovery, const char *name,
                         const char *mark);

/* Around each frame: a page is noted as being drawn from its first frame until
 * it first came to rest. What moves on it later, as an alert's edge does for
 * hours, was drawn before; so was a page that comes again in the same run. */
void recovery_before_frame(struct recovery *recovery,
                           const struct scene *scene);
void recovery_behind_frame(struct recovery *recovery, const struct scene *scene,
                           bool at_rest);

/* After each turn. alerts: how many are in force. True: the display should end,
 * so that the service manager starts it out of safe mode. */
bool recovery_watch(struct recovery *recovery, bool healthy, int alerts,
                    const struct moment *now);

#endif
