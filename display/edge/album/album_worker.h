/* The thread that reads, checks, writes and decodes pictures, so that the loop
 * never waits for it. Jobs go in and come out in their order. */
#ifndef GAOSHI_DISPLAY_ALBUM_WORKER_H
#define GAOSHI_DISPLAY_ALBUM_WORKER_H

#include "image/image.h"

enum album_job_kind {
    ALBUM_LOOK,  /* is the file there, whole and right? */
    ALBUM_KEEP,  /* are the bytes right? Then write the file */
    ALBUM_SCALE, /* decode a part of it in a size */
    ALBUM_DROP,  /* delete the file */
};

struct album_job {
    enum album_job_kind kind;
    char digest[PICTURE_DIGEST_BYTES + 1];
    size_t size;
    /* Owned: of ALBUM_KEEP, and of any picture that has no file; NULL: it is
     * read from its file. */
    void *data;
    struct image_part part;
    int width, height;

    /* What came of it: */
    bool done;
    bool written;       /* of ALBUM_KEEP: the file is on the disk */
    bool lost;          /* of ALBUM_SCALE: its file is gone, or was spoilt and
                           is deleted */
    struct image image; /* of ALBUM_SCALE; owned */
    struct problem problem;
    struct album_job *next;
};
void album_job_destroy(struct album_job *job); /* NULL: nothing */

struct album_worker;

/* folder: of the files, copied; "": there is none. NULL: no memory, no thread.
 */
struct album_worker *album_worker_create(const char *folder);
/* Ends what it does now and nothing else. NULL: nothing. */
void album_worker_destroy(struct album_worker *worker);

/* Takes the job. */
void album_worker_put(struct album_worker *worker, struct album_job *job);

/* The oldest job that came out, which the caller owns; NULL: none. */
struct album_job *album_worker_take(struct album_worker *worker);

/* Readable while a job that came out waits. */
int album_worker_fd(const struct album_worker *worker);

/* Waits until every job came out. */
void album_worker_settle(struct album_worker *worker);

#endif
