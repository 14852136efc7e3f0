/* What a command asks for, made in a thread of its own, because a picture or a
 * long file takes longer than a frame, and sent in parts with a pause between
 * them, so that receipts and states go first on a slow line. One at a time.
 * Used by the loop's thread. */
#ifndef GAOSHI_DISPLAY_UPLOAD_H
#define GAOSHI_DISPLAY_UPLOAD_H

#include "display/edge/app/telemetry.h"
#include "display/edge/store/play_file.h"

#include <pthread.h>

enum {
    UPLOAD_STEP_MS = 60, /* between two parts: 400 KiB a second at most */
    /* Pictures with a longer side are made smaller: to a half, a third, … */
    UPLOAD_SIDE_MAX_PX = 1920,
};

enum upload_stage { UPLOAD_IDLE, UPLOAD_MAKING, UPLOAD_SENDING };

/* upload_init and upload_finish. */
struct upload {
    enum upload_stage stage;
    int fd; /* for poll: readable when the thread is done; -1: none */
    pthread_t thread;
    struct board_intake command;
    /* What the thread works on; nobody else touches it meanwhile. */
    uint32_t *pixels;
    int width, height;
    struct play_file plays;
    struct play_range range;
    /* What it made. */
    char *whole;
    size_t bytes;
    const char *kind;
    char text[200]; /* the answer */
    bool failed;
    char digest[REPLY_DIGEST_BYTES + 1];
    int part;        /* the next one, from 1 */
    int64_t next_ms; /* monotonic: when it goes */
};

bool upload_init(struct upload *upload);
void upload_finish(struct upload *upload); /* zeroed: nothing */

/* Each begins one for a command; the upload is idle before. False: no thread;
 * the answer was not given. upload_picture takes the pixels (XRGB8888 without
 * gaps). */
bool upload_picture(struct upload *upload, const struct board_intake *command,
                    uint32_t *pixels, int width, int height);
bool upload_plays(struct upload *upload, const struct board_intake *command,
                  const struct play_file *plays);
/* Takes the text, which is not NULL. */
void upload_text(struct upload *upload, const struct board_intake *command,
                 char *text, const struct moment *now);

/* Call it once a turn: answers and sends what is due. Returns the monotonic
 * time of the next call; INT64_MAX: none. */
int64_t upload_turn(struct upload *upload, struct telemetry *telemetry,
                    const struct moment *now);

#endif
