/* All state of a running display: one struct, owned by one thread. display.c
 * builds it and takes it down, loop.c turns it. */
#ifndef GAOSHI_DISPLAY_DISPLAY_H
#define GAOSHI_DISPLAY_DISPLAY_H

#include "display/edge/app/drill.h"
#include "display/edge/app/feed.h"
#include "display/edge/app/news.h"
#include "display/edge/app/recovery.h"
#include "display/edge/app/screen_clock.h"
#include "display/edge/app/screen_line.h"
#include "display/edge/app/stage.h"
#include "display/edge/app/telemetry.h"
#include "display/edge/config/trusted_keys.h"
#include "display/edge/store/keeper.h"

/* What the command line says besides the configuration. */
struct display_options {
    enum display_mode mode;
    int width_px, height_px; /* window and headless */
    const char *record;      /* folder for pictures and journal; NULL: none */
    const char *data;        /* NULL: looked for in the usual places */
    bool safe;               /* safe mode, for a trial */
    int64_t seconds;         /* ends by itself; 0: never */
    int64_t dwell_ms;        /* rehearsal: each page stands so long, transition
                                and entrance in it; 0: by the reading rule */
};

struct display {
    const struct config *config; /* borrowed, as the next */
    const struct display_options *options;
    struct data_path data;
    struct key_ring ring;
    struct screen_clock clock;
    struct recovery recovery;
    struct telemetry telemetry;
    struct window *window; /* NULL: headless */
    struct glass glass;
    struct page_cache *cache;
    struct stage stage;
    struct drill *drill; /* NULL: none here */
    struct board *board;
    struct keeper *keeper;
    struct screen_line line;
    struct news news;
    struct feed feed;
    /* The loop's own: */
    bool paused;
    bool ending;         /* somebody asked for the end */
    int64_t turns;       /* for tests of idleness */
    int64_t frames_late; /* of what moved: were due and left out */
};

/* Works in the caller's memory; config and options are borrowed. On failure
 * display_finish is still to be called. */
bool display_init(struct display *display, const struct config *config,
                  const struct display_options *options,
                  struct problem *problem);
void display_finish(struct display *display);

#endif
