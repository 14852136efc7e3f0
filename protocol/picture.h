/* Pictures of panels. A signed panel names a picture by its SHA-256, size and
 * type; the bytes travel apart, as chunks that nobody signs: the whole is
 * compared with the digest before anything reads it. Pure. */
#ifndef GAOSHI_PROTOCOL_PICTURE_H
#define GAOSHI_PROTOCOL_PICTURE_H

#include "protocol/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum picture_type {
    PICTURE_JPEG,  /* "jpeg" */
    PICTURE_PNG,   /* "png" */
    PICTURE_WEBP,  /* "webp" */
    PICTURE_OTHER, /* of a later version: cannot be shown here */
    PICTURE_TYPE_COUNT
};

/* "jpeg", "png", "webp"; PICTURE_OTHER: "other". */
const char *picture_type_name(enum picture_type type);

/* The type by the first bytes of a file, whatever its name. PICTURE_OTHER: none
 * of them. */
enum picture_type picture_type_of(const void *bytes, size_t size);

/* 64 hexadecimal digits in lower case. */
enum { PICTURE_DIGEST_BYTES = 64 };
bool picture_digest_is_valid(const char *text);
/* False: OpenSSL failed. */
bool picture_digest(const void *bytes, size_t size,
                    char out[PICTURE_DIGEST_BYTES + 1]);

/* Of a picture of so many bytes: how many chunks it has, and how long one of
 * them is. All but the last have LIMIT_CHUNK_BYTES. */
size_t picture_chunks(size_t bytes);
size_t picture_chunk_bytes(size_t bytes, size_t chunk);

/* Joins chunks that come in any order. */
struct picture_assembly {
    char digest[PICTURE_DIGEST_BYTES + 1];
    unsigned char *data; /* NULL: nothing is being joined */
    size_t bytes;
    size_t missing; /* chunks that have not come yet */
    bool came[LIMIT_CHUNKS];
};

/* Works in the caller's memory. False: no memory, or a size over the limits. */
bool picture_assembly_init(struct picture_assembly *assembly,
                           const char *digest, size_t bytes);
void picture_assembly_finish(struct picture_assembly *assembly);

enum picture_take {
    PICTURE_TAKEN,
    PICTURE_KNOWN,   /* this chunk came before; the newest counts */
    PICTURE_REFUSED, /* no such chunk, or not of its length */
};
enum picture_take picture_assembly_take(struct picture_assembly *assembly,
                                        size_t chunk, const void *bytes,
                                        size_t size);

/* Whether what was joined has the digest. Only if nothing is missing. */
bool picture_assembly_is_right(const struct picture_assembly *assembly);

#endif
