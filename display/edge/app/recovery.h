/* How a display handles its own failures: it reports its health to the service
 * manager, counts its crashes, starts in safe mode after three in a row, and
 * leaves it later. Used by the loop's thread. */
#ifndef GAOSHI_DISPLAY_RECOVERY_H
#define GAOSHI_DISPLAY_RECOVERY_H

#include "base/problem.h"
#include "display/core/validation/moment.h"
#include "display/edge/app/frame.h"
#include "display/edge/app/run_note.h"
#include "display/edge/config/config.h"

#include <stdint.h>

/* How long safe mode lasts without a crash. Then the display ends normally, and
 * the next start is in normal mode. */
enum { RECOVERY_SAFE_MS = 6 * 60 * 60 * 1000 };

/* So many pages are remembered as drawn without a crash. */
enum { RECOVERY_DRAWN = 512 };

/* Reports to systemd and its watchdog. */
struct health {
    bool supervised;     /* a service manager restarts it when it ends */
    bool ready;          /* READY was reported */
    int64_t interval_ms; /* interval of reports to the watchdog; 0: it is off */
    int64_t next_ms; /* monotonic time of the next report; INT64_MAX: never */
};

/* Reads the settings of the service manager (sd_watchdog_enabled). */
void health_init(struct health *health, int64_t mono_ms);

/* Whether a report to the watchdog is due. Before it the caller makes sure that
 * frames still reach the glass. */
bool health_is_due(const struct health *health, int64_t mono_ms);

/* Reports after a turn without a failure: changes were presented, or nothing
 * had changed. The first call sends READY. */
void health_feed(struct health *health, int64_t mono_ms);

void health_tell_stopping(void);

/* Whether a service manager started the program and restarts it when it ends.
 */
bool health_is_supervised(void);

/* Reports to the service manager that there is no picture yet, and why. */
void health_tell_dark(const struct problem *why);

/* Sets the status that the service manager shows. line: what is wrong with the
 * configuration of the line, "" for nothing. */
void health_tell_status(bool safe, const char *line);

struct recovery {
    struct run_note note;
    struct health health;
    bool trial; /* safe mode was requested and does not end by itself */
    bool safe;  /* safe mode */
    char safe_place[2 * CONFIG_NAME_BYTES]; /* the name of the place with the
                                               mark of safe mode */
    int64_t healthy_since_ms; /* monotonic: since then every turn was healthy */
    struct frame_mark rested; /* the last page that came to rest */
    /* The last pages that did, each by a hash of what it shows. */
    uint64_t drawn[RECOVERY_DRAWN];
    size_t drawn_count; /* also those that were forgotten since */
};

/* Reads the note of the last run, begins one for this run, and decides on safe
 * mode. Call it before anything is built that could crash. store: the store's
 * file, "" for none; the note may be beside it. */
void recovery_init(struct recovery *recovery, const char *store, bool trial,
                   int64_t mono_ms);

/* Ends the run. in_order: it did not crash, so the note is deleted. Otherwise
 * this start does not count, but the crashes before it do. */
void recovery_finish(struct recovery *recovery, bool in_order);

/* Call it after the theme was read; mark is the theme's word for safe mode. */
void recovery_name_place(struct recovery *recovery, const char *name,
                         const char *mark);

/* Called around each frame: a page is noted as being drawn from its first frame
 * until it first comes to rest. Later movement, such as hours of an alert's
 * moving edge, uses parts that were drawn before; so does a page that comes
 * again in the same run. */
void recovery_before_frame(struct recovery *recovery,
                           const struct scene *scene);
void recovery_behind_frame(struct recovery *recovery, const struct scene *scene,
                           bool at_rest);

/* Call it after each turn. alerts: how many are in force. True: the display
 * should end, so that the service manager restarts it in normal mode. */
bool recovery_watch(struct recovery *recovery, bool healthy, int alerts,
                    const struct moment *now);

#endif
