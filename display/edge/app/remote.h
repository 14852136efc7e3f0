/* Carries out the commands of operators that the board accepted, and answers
 * each. Used by the loop's thread. */
#ifndef GAOSHI_DISPLAY_REMOTE_H
#define GAOSHI_DISPLAY_REMOTE_H

#include "display/edge/app/brightness.h"
#include "display/edge/app/play_recorder.h"
#include "display/edge/app/stage.h"
#include "display/edge/app/telemetry.h"
#include "display/edge/app/upload.h"
#include "display/edge/config/config.h"
#include "display/edge/store/keeper.h"

enum {
    REMOTE_IDENTIFY_MS = 15000, /* how long the screen shows its name */
    /* The shortest time between two screenshots. */
    REMOTE_SCREENSHOT_MS = 10000,
};

struct remote {
    struct board *board; /* borrowed, like the next four fields */
    struct keeper *keeper;
    struct stage *stage;
    struct telemetry *telemetry;
    struct play_recorder *plays;
    /* Reads the configuration again and puts it into effect; nothing changes on
     * failure. */
    bool (*reload)(void *context, const struct moment *now,
                   struct problem *problem);
    /* The configuration in effect as text; the caller frees it. */
    char *(*describe)(void *context);
    void *context;
    int64_t started_ms;        /* monotonic, like all times here */
    int64_t identify_until_ms; /* until then the screen shows its name */
    int64_t screenshot_ms;     /* the next one is possible */
    bool restarting;           /* a command asked for it; likewise below */
    struct board_intake restart;
    struct brightness brightness;
    struct upload upload;
};

/* Obeys a command that the board accepted. retained: the broker had kept it; it
 * is then refused, because every screen that connects later would carry it out,
 * and a screen without a store at each start. */
void remote_obey(struct remote *remote, const struct board_intake *judged,
                 bool retained, const struct moment *now);

/* Call it after the turn's commit. True: a command asks for a restart, and the
 * same message cannot ask for another one afterwards. */
bool remote_restarts(struct remote *remote, const struct moment *now);

#endif
