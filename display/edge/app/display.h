/* All state of a running display: one struct, owned by one thread. display.c
 * builds it and takes it down, loop.c turns it. */
#ifndef GAOSHI_DISPLAY_DISPLAY_H
#define GAOSHI_DISPLAY_DISPLAY_H

#include "base/clock.h"
#include "display/core/validation/timekeeper.h"
#include "display/edge/app/drill.h"
#include "display/edge/app/health.h"
#include "display/edge/app/reporter.h"
#include "display/edge/app/run_note.h"
#include "display/edge/app/stage.h"
#include "display/edge/config/trusted_keys.h"
#include "display/edge/store/keeper.h"

/* What the command line says besides the configuration. */
struct display_options {
    enum display_mode mode;
    int width_px, height_px; /* window and headless */
    const char *record;      /* folder for pictures and journal; NULL: none */
    const char *data;        /* NULL: found */
    bool safe;               /* safe mode, for a trial */
    int64_t seconds;         /* ends by itself; 0: never */
    int64_t dwell_ms;        /* rehearsal: each page stands so long, transition
                                and entrance in it; 0: by the reading rule */
};

/* Which page stood, and which one of an alert above it. */
struct display_page {
    bool known;
    uint64_t showing, alert; /* of the scene */
};

struct display {
    const struct config *config; /* borrowed, as the next */
    const struct display_options *options;
    struct data_path data;
    struct key_ring ring;
    struct journal *journal;
    struct glass glass;
    struct page_cache *cache;
    struct window *window; /* NULL: headless */
    struct stage stage;
    struct drill *drill; /* NULL: none here */
    struct board *board;
    struct keeper *keeper;
    struct inbox *inbox;
    struct subscriber *subscriber; /* NULL: its configuration allows none */
    char line_problem[512];        /* what is wrong with that; "": nothing */
    struct reporter reporter;
    struct health health;
    struct run_note note;
    int64_t since_start_ms; /* monotonic, of the start */
    bool restarting;        /* a command asks for it, as next */
    struct board_intake restart;
    int64_t healthy_since_ms; /* monotonic: since then every turn was */
    bool safe;                /* safe mode */
    char safe_place[2 * CONFIG_NAME_BYTES]; /* the place's name, and a mark */
    struct timekeeper timekeeper;
    enum timekeeper_verdict clock_told; /* what the log says of it */

    struct inbox_line line;     /* as last looked at */
    struct inbox_losses losses; /* as last told */
    int64_t line_changed_ms;    /* monotonic */
    bool told_frozen;           /* as the next, what was told of the news */
    bool told_missing;
    int64_t refresh_ms;           /* monotonic: what was lost is asked for
                                     again; INT64_MAX: nothing was */
    int64_t refreshed_ms;         /* monotonic, of the last time; 0: never */
    int64_t refresh_step_ms;      /* so long after the loss; 0: never yet */
    int64_t refusals_ms;          /* monotonic: till then none at the door is
                                     told */
    int64_t identify_until_ms;    /* monotonic: the screen says who it is */
    struct display_page told;     /* the journal's last page … */
    struct display_page recorded; /* … and picture */
    struct display_page rested;   /* the last that came to rest */
    bool paused;
    bool ending;         /* somebody asked for the end */
    int64_t turns;       /* of the loop, for tests of idleness */
    int64_t frames_late; /* of what moved: were due and left out */
    int64_t since_ms;    /* wall clock: what shows came then */
    uint64_t since_showing;
};

/* Works in the caller's memory; config and options are borrowed. On failure
 * display_finish is still to be called. */
bool display_init(struct display *display, const struct config *config,
                  const struct display_options *options,
                  struct problem *problem);
void display_finish(struct display *display);

/* Tells the inbox's door whom the screen believes: at the start, and when the
 * list of keys changed. */
void display_know_keys(struct display *display);

#endif
