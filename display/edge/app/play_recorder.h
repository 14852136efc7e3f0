/* Notes what stands on the glass from when to when, and writes it to the log of
 * plays in batches, so that a memory card is not worn: every half hour, and
 * soon after an alert came or went. Used by the loop's thread. */
#ifndef GAOSHI_DISPLAY_PLAY_RECORDER_H
#define GAOSHI_DISPLAY_PLAY_RECORDER_H

#include "display/core/board/scene.h"
#include "display/core/validation/moment.h"
#include "display/edge/store/play_file.h"

enum {
    /* The longest time between two blocks: what a power cut takes at most. */
    PLAY_BATCH_MS = 30 * 60 * 1000,
    /* An alert's coming and going is written so soon, … */
    PLAY_ALERT_MS = 10 * 1000,
    /* … but blocks are never written more often than this: 144 a day. */
    PLAY_PAUSE_MS = 10 * 60 * 1000,
    /* Who asks for the log gets what is older than this. */
    PLAY_ASKED_MS = 60 * 1000,
};

/* On one part of the glass. */
struct play_standing {
    bool any;
    struct play_entry entry; /* lasted_ms is not known yet */
};

/* Zeroed it records nothing. */
struct play_recorder {
    struct play_file file;
    bool on;
    int64_t begun_ms;                 /* monotonic */
    struct play_standing standing[2]; /* the programme, an alert above it */
    char *lines;                      /* PLAY_LINES_BYTES */
    size_t used;
    int64_t lost;       /* entries that there was no room for */
    int64_t written_ms; /* monotonic: the last block, or the last try */
    bool written;       /* there was one */
    int64_t asked_ms;   /* monotonic: when somebody asked last; 0: never */
    int64_t
        alert_ms; /* monotonic: since then an alert's change waits; 0: none */
    bool clock_told;
    int64_t clock_ms; /* wall minus monotonic, as told */
    bool failed;      /* it is logged that the file cannot be written */
};

/* store_file "": nothing is recorded. A log that cannot be read is told in the
 * program's log. */
void play_recorder_init(struct play_recorder *recorder, const char *store_file,
                        const struct moment *now);

/* Writes what is left. Zeroed: nothing. */
void play_recorder_finish(struct play_recorder *recorder,
                          const struct moment *now);

/* Call it after each frame. seen: the frame is on the glass, and nothing covers
 * it. Writes a block when it is time. */
void play_recorder_note(struct play_recorder *recorder,
                        const struct scene *scene, bool seen,
                        const struct moment *now);

/* Writes what is not written yet, because somebody asks for it; not more often
 * than every PLAY_ASKED_MS. */
void play_recorder_write(struct play_recorder *recorder,
                         const struct moment *now);

/* The monotonic time of the next block; INT64_MAX: none is due. */
int64_t play_recorder_next_ms(const struct play_recorder *recorder);

#endif
