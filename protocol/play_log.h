/* The log of what a screen has shown, from when to when. It is text in blocks:
 * lines, and a last line that seals them with a number and a hash, which covers
 * the hash of the block before. So changed, missing and cut blocks are found. A
 * chain does not prove who wrote it: whoever has the machine can write another
 * one. Pure. */
#ifndef GAOSHI_PROTOCOL_PLAY_LOG_H
#define GAOSHI_PROTOCOL_PLAY_LOG_H

#include "protocol/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PLAY_HASH_BYTES = 64,         /* SHA-256 in hexadecimal digits */
    PLAY_LINES_BYTES = 64 * 1024, /* of the lines of one block */
    PLAY_LINE_BYTES = 256,        /* with its line feed and a NUL */
    /* Of the last line. */
    PLAY_SEAL_BYTES = 2 + 20 + 1 + PLAY_HASH_BYTES + 1 + PLAY_HASH_BYTES + 2,
    PLAY_BLOCK_BYTES = PLAY_LINES_BYTES + PLAY_SEAL_BYTES,
};

/* Where a chain stands. Begins with play_head_none. */
struct play_head {
    int64_t number;                 /* of the last block; 0: none */
    char hash[PLAY_HASH_BYTES + 1]; /* of it; zeros: none */
};
extern const struct play_head play_head_none;

enum play_kind {
    PLAY_START, /* the program began; clocks count from here */
    PLAY_CLOCK, /* what time it was then, told when the clock is trusted */
    PLAY_SHOW,  /* something stood on the glass */
    PLAY_LOST,  /* so many entries were not kept */
    PLAY_STOP,  /* the program ended in order */
    PLAY_KINDS
};

struct play_entry {
    enum play_kind kind;
    int64_t mono_ms; /* since the start of the program */
    int64_t wall_ms; /* by a trusted clock; TIMESTAMP_NONE: not trusted */
    int64_t lasted_ms;
    char what[8]; /* of PLAY_SHOW: "panel", "alert", "clear" or "plain" */
    char id[LIMIT_IDENTIFIER_BYTES + 1]; /* "": plain */
    int64_t seq;
    int64_t count;    /* of PLAY_LOST */
    char version[40]; /* of PLAY_START */
};

/* One line with its line feed; returns its length. */
size_t play_entry_format(const struct play_entry *entry,
                         char out[PLAY_LINE_BYTES]);

/* A line without its line feed. False: it is none; *out is then unchanged. */
bool play_entry_parse(const char *line, size_t bytes, struct play_entry *out);

/* Seals lines (each with its line feed, PLAY_LINES_BYTES at most) as the next
 * block: writes the last line, NUL-terminated, and moves the head. False: no
 * memory for the hash. */
bool play_log_seal(struct play_head *head, const char *lines, size_t bytes,
                   char out[PLAY_SEAL_BYTES]);

struct play_block {
    const char *lines; /* borrowed */
    size_t bytes;      /* of the lines */
    size_t end;        /* offset behind the block */
    struct play_head before, head;
};

enum play_verdict {
    PLAY_NOTHING, /* the text is at its end */
    PLAY_INTACT,  /* the block is as it was sealed */
    PLAY_DAMAGED, /* it is not, or it is too long; out->end is behind it */
    PLAY_TORN,    /* the text ends before the block does */
};

/* Reads the block at an offset of the text. Only PLAY_INTACT and PLAY_DAMAGED
 * fill *out. The caller compares out->before with the head that it knows. */
enum play_verdict play_log_read(const char *text, size_t size, size_t at,
                                struct play_block *out);

/* The entries of a block: *at begins with 0. False: there are no more. A line
 * that cannot be read is passed over. */
bool play_block_next(const struct play_block *block, size_t *at,
                     struct play_entry *out);

/* Whether a part of it may lie between these times. Without a time of its own
 * it may. TIMESTAMP_NONE: no bound. */
bool play_block_touches(const struct play_block *block, int64_t from_ms,
                        int64_t to_ms);

#endif
