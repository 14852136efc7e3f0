/* What a screen sends with its answer to a command: a picture, a configuration
 * or a log, in numbered parts with a digest of the whole. JSON without a
 * signature, as receipts are. Pure. */
#ifndef GAOSHI_PROTOCOL_REPLY_H
#define GAOSHI_PROTOCOL_REPLY_H

#include "protocol/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    REPLY_PART_BYTES = 24 * 1024, /* of one part, decoded */
    REPLY_PARTS_MAX = 128,        /* of one answer */
    REPLY_BYTES = REPLY_PART_BYTES * REPLY_PARTS_MAX,
    REPLY_KIND_BYTES = 40,   /* with its NUL */
    REPLY_DIGEST_BYTES = 64, /* SHA-256 in hexadecimal digits */
};

struct reply_part {
    char screen[LIMIT_IDENTIFIER_BYTES + 1];
    int64_t seq; /* of the command */
    /* "image/png", "text/plain", "gaoshi/plays" */
    char kind[REPLY_KIND_BYTES];
    int part, parts;                     /* from 1 */
    size_t total_bytes;                  /* of the whole, 1 … REPLY_BYTES */
    char digest[REPLY_DIGEST_BYTES + 1]; /* of the whole */
    size_t bytes;                        /* of this part */
    unsigned char data[REPLY_PART_BYTES];
};

/* Lower-case hexadecimal digits of the SHA-256; "": no memory. */
void reply_digest(const void *bytes, size_t size,
                  char out[REPLY_DIGEST_BYTES + 1]);

/* Cuts out the n-th part, from 1, of a whole of 1 … REPLY_BYTES bytes. screen,
 * seq, kind and digest of *out are the caller's. */
void reply_cut(const void *whole, size_t size, int part,
               struct reply_part *out);

/* JSON text of at most LIMIT_REPLY_BYTES; the caller frees it. NULL: no memory.
 */
char *reply_part_format(const struct reply_part *part);

/* False: it is no part, or parts, sizes and data do not agree. *out is then
 * unchanged. */
bool reply_part_parse(const char *bytes, size_t size, struct reply_part *out);

/* Parts that come in any order and any number. Zeroed at the start;
 * reply_assembly_finish. */
struct reply_assembly {
    unsigned char *whole;
    char kind[REPLY_KIND_BYTES];
    char digest[REPLY_DIGEST_BYTES + 1];
    size_t total_bytes;
    int parts, count; /* how many there are, and how many came */
    bool came[REPLY_PARTS_MAX];
};

enum reply_progress {
    REPLY_INCOMPLETE,
    REPLY_COMPLETE, /* whole is all of it, and its digest is right */
    REPLY_FALSE,    /* parts contradict each other, or the digest is wrong */
    REPLY_NO_MEMORY,
};

/* The first part decides size and digest. After REPLY_FALSE nothing of it may
 * be used. */
enum reply_progress reply_assembly_take(struct reply_assembly *assembly,
                                        const struct reply_part *part);
void reply_assembly_finish(struct reply_assembly *assembly);

#endif
