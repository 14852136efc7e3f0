/* The whole state of a running display: one struct, owned by one thread.
 * display.c builds and destroys it, loop.c runs it. */
#ifndef GAOSHI_DISPLAY_DISPLAY_H
#define GAOSHI_DISPLAY_DISPLAY_H

#include "display/edge/app/ahead.h"
#include "display/edge/app/board_plan.h"
#include "display/edge/app/drill.h"
#include "display/edge/app/feed.h"
#include "display/edge/app/light.h"
#include "display/edge/app/news.h"
#include "display/edge/app/play_recorder.h"
#include "display/edge/app/recovery.h"
#include "display/edge/app/remote.h"
#include "display/edge/app/screen_clock.h"
#include "display/edge/app/screen_line.h"
#include "display/edge/app/stage.h"
#include "display/edge/app/telemetry.h"
#include "display/edge/config/calendar_files.h"
#include "display/edge/config/trusted_keys.h"
#include "display/edge/store/keeper.h"

/* Options of the command line that are not in the configuration. */
struct display_options {
    enum display_mode mode;
    int width_px, height_px; /* for window and headless */
    const char *record;      /* folder for pictures and journal; NULL: none */
    const char *session;     /* file for the received messages; NULL: none */
    const char *data;        /* NULL: the usual places */
    bool safe;               /* safe mode for a trial */
    int64_t seconds;         /* ends by itself after this time; 0: never */
    int64_t dwell_ms; /* rehearsal: time of each page, with transition and
                         entrance; 0: by the reading rule */
    /* Reads the configuration again, as the command line names it, into a
     * zeroed struct. NULL: it cannot be read again. */
    bool (*reread)(void *context, struct config *out, struct problem *problem);
    void *reread_context;
};

struct display {
    /* Borrowed, like the next field; after a reload it is `live`. */
    const struct config *config;
    const struct display_options *options;
    struct data_path data;
    struct calendar calendar;
    struct key_ring ring;
    struct screen_clock clock;
    struct recovery recovery;
    struct telemetry telemetry;
    struct window *window; /* NULL: headless */
    struct glass glass;
    struct album *album;
    uint64_t pictures_named; /* version of the panels' pictures that it knows */
    struct page_cache *cache;
    struct stage stage;
    struct ahead *ahead; /* NULL: nothing is drawn ahead */
    struct light light;
    struct own_sender *sender; /* NULL: no drill on this display */
    struct drill *drill;       /* likewise */
    struct board_plan plan;
    struct session_writer *session; /* NULL: nothing is recorded */
    struct board *board;
    struct keeper *keeper;
    struct screen_line line;
    struct news news;
    struct play_recorder plays;
    struct remote remote;
    struct feed feed;
    struct config *live; /* after a reload; NULL: there was none */
    /* Used by the loop only: */
    bool paused;
    bool ending;         /* the end was requested */
    bool leaving;        /* the end was requested for when no alert stands */
    int64_t turns;       /* for tests of idleness */
    int64_t frames_late; /* frames of motion that were due and skipped */
};

/* Works in the caller's memory; config and options are borrowed. Call
 * display_finish also after a failure. */
bool display_init(struct display *display, const struct config *config,
                  const struct display_options *options,
                  struct problem *problem);
void display_finish(struct display *display);

#endif
