/* A recorded session: what a screen is, which keys it trusts, and every message
 * that reached it with its time, so that a rehearsal can show the same frames
 * again. docs/rehearsal.md describes the file. */
#ifndef GAOSHI_DISPLAY_SESSION_FILE_H
#define GAOSHI_DISPLAY_SESSION_FILE_H

#include "display/core/validation/moment.h"
#include "display/edge/config/config.h"
#include "protocol/key_ring.h"

/* The most that is read or written. */
enum { SESSION_FILE_BYTES = 512 * 1024 * 1024 };

/* A message as it arrived; not NUL-terminated. Everything is borrowed. */
struct session_message {
    int64_t at_ms;     /* since the begin; session_note sets it */
    const char *topic; /* of session_note: NUL-terminated */
    const char *payload;
    size_t bytes;
    bool stored;         /* a row of the screen's store */
    int64_t received_ms; /* of such a row: wall clock, or TIMESTAMP_NONE */
};

struct session_start {
    const struct config *config;
    const struct key_ring *ring;
    int width_px, height_px; /* of the glass as it hangs */
    int64_t dwell_ms;        /* of --dwell; 0: by the reading rule */
    int64_t wall_ms;         /* UTC */
    int64_t mono_ms;
};

struct session_writer;

/* Begins the file; an existing one is replaced. */
bool session_writer_create(const char *file, const struct session_start *start,
                           struct session_writer **out,
                           struct problem *problem);

/* Notes when the session ended. NULL: nothing. */
void session_writer_destroy(struct session_writer *writer,
                            const struct moment *now);

/* Writes a message. A file that cannot be written is logged once, and the
 * screen goes on without recording. NULL writer: nothing. */
void session_note(struct session_writer *writer,
                  const struct session_message *message,
                  const struct moment *now);

struct session {
    struct config config;
    struct key_ring ring;
    int width_px, height_px;
    int64_t dwell_ms;
    int64_t wall_ms;                  /* UTC, of the begin */
    int64_t end_ms;                   /* since the begin */
    struct session_message *messages; /* in the order of their arrival */
    size_t count;
    char *text; /* the file; topics are copied, payloads lie in it */
};

/* Reads a file. A last record that is incomplete, because the power failed, is
 * left out with a warning. A problem names the record and what was expected.
 * The caller ends *out with session_finish in any case. */
bool session_read(const char *file, struct session *out,
                  struct problem *problem);
void session_finish(struct session *session); /* zeroed: nothing */

#endif
