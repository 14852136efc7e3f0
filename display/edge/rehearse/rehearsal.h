/* The screen of a rehearsal: the board, the pages and the glass of a screen in
 * service, with a clock that is an argument. Drafts from a folder are signed by
 * a key of this process and take the road of any message; a recorded session is
 * taken as it arrived. There is no window here; rehearsal_loop.h has it. */
#ifndef GAOSHI_DISPLAY_REHEARSAL_H
#define GAOSHI_DISPLAY_REHEARSAL_H

#include "display/edge/app/board_plan.h"
#include "display/edge/app/brightness.h"
#include "display/edge/app/drill.h"
#include "display/edge/app/light.h"
#include "display/edge/app/session_file.h"
#include "display/edge/app/stage.h"
#include "display/edge/config/calendar_files.h"
#include "display/edge/rehearse/draft_folder.h"

enum { REHEARSAL_FRAME_MS = 16, REHEARSAL_PATH_BYTES = 4096 };

struct rehearsal {
    struct config config;
    struct data_path data;
    struct calendar calendar;
    struct key_ring ring;
    struct own_sender *sender;
    struct drill *drill;
    struct glass glass;
    struct page_cache *cache;
    struct stage stage;
    struct board_plan plan;
    struct board *board;
    struct light light; /* dark and dimmed hours of the configuration */
    struct brightness brightness;
    struct draft_folder folder; /* of a rehearsal of drafts */
    bool replays;
    struct session session; /* of a replay */
    size_t arrived;         /* messages of the session that were taken */
    struct session_writer *writer;
    char theme[REHEARSAL_PATH_BYTES]; /* file of the present one */
    struct problem theme_problem;     /* code NONE: the file is good */
    int pitch_mm, pitch_px;           /* height of the first page, both ways;
                                         mm 0: not known */

    int64_t now_ms;        /* time of the last turn; the begin is 0 */
    int64_t next_ms;       /* when the next turn changes something */
    int64_t begin_wall_ms; /* UTC, at the first begin */
    int64_t wall_ms;       /* UTC at time 0, after the last jump */
    struct scene scene;    /* of the last turn */
    bool changed;          /* the last turn changed the glass */
    int draw_us;           /* real time that its frame took */
    int64_t frames;        /* turns that count in the hash */
    uint64_t hash;         /* of their times and pixels */
    bool touched;          /* a key changed what a replay shows */
};

/* path: a folder or a file of drafts; NULL: the session that the flags of the
 * configuration name. Takes the config. Finish it also after a failure. */
bool rehearsal_init(struct rehearsal *rehearsal, struct config *config,
                    const char *path, struct problem *problem);
void rehearsal_finish(struct rehearsal *rehearsal);

/* The time as the core gets it. */
struct moment rehearsal_moment(const struct rehearsal *rehearsal);

/* Advances to a time that is not before the last one, and draws. counted: the
 * frame belongs to the course of the rehearsal, at its own time (next_ms);
 * false: a key wants to see something meanwhile. */
void rehearsal_turn(struct rehearsal *rehearsal, int64_t at_ms, bool counted);

/* Whether the recorded session is over. */
bool rehearsal_is_over(const struct rehearsal *rehearsal);

/* Begins anew as if the screen had been started at this wall time. A replay
 * goes to this time of its session. */
void rehearsal_go(struct rehearsal *rehearsal, int64_t wall_ms);

/* Reads the folder and the theme again and publishes what is new. */
void rehearsal_reload(struct rehearsal *rehearsal);

/* The next theme (direction 1) or the one before; out: its name. */
void rehearsal_change_theme(struct rehearsal *rehearsal, int direction,
                            char *out, size_t size);

/* The size of the glass as it hangs, and its rotation. The pixels keep their
 * size in millimetres. */
bool rehearsal_set_glass(struct rehearsal *rehearsal, int width_px,
                         int height_px, int rotation);

/* Raises the drill or cancels it. */
bool rehearsal_drill(struct rehearsal *rehearsal, enum alert_level level,
                     struct problem *problem);

void rehearsal_step(struct rehearsal *rehearsal, int direction);
void rehearsal_seek(struct rehearsal *rehearsal, int64_t delta_ms);

#endif
