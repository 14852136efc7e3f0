/* Cuts what a screen sends into parts, and puts them together again. */
#include "protocol/reply.h"

#include "protocol/scope.h"

#include <jansson.h>
#include <limits.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

enum { BASE64_BYTES = (REPLY_PART_BYTES + 2) / 3 * 4 + 1 };

void reply_digest(const void *bytes, size_t size,
                  char out[REPLY_DIGEST_BYTES + 1])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char hash[EVP_MAX_MD_SIZE];

    out[0] = '\0';
    if (EVP_Digest(bytes, size, hash, NULL, EVP_sha256(), NULL) != 1)
        return;
    for (size_t i = 0; i < REPLY_DIGEST_BYTES / 2; i++) {
        out[2 * i] = digits[hash[i] >> 4];
        out[2 * i + 1] = digits[hash[i] & 15];
    }
    out[REPLY_DIGEST_BYTES] = '\0';
}

static int count_parts(size_t size)
{
    return (int)((size + REPLY_PART_BYTES - 1) / REPLY_PART_BYTES);
}

/* Of the n-th part of a whole, from 1. */
static size_t part_bytes(size_t total, int part)
{
    size_t begin = (size_t)(part - 1) * REPLY_PART_BYTES;

    return total - begin < REPLY_PART_BYTES ? total - begin
                                            : (size_t)REPLY_PART_BYTES;
}

void reply_cut(const void *whole, size_t size, int part, struct reply_part *out)
{
    out->part = part;
    out->parts = count_parts(size);
    out->total_bytes = size;
    out->bytes = part_bytes(size, part);
    memcpy(out->data,
           (const unsigned char *)whole + (size_t)(part - 1) * REPLY_PART_BYTES,
           out->bytes);
}

char *reply_part_format(const struct reply_part *part)
{
    char *data = malloc(BASE64_BYTES);
    char *text = NULL;

    if (!data)
        return NULL;
    EVP_EncodeBlock((unsigned char *)data, part->data, (int)part->bytes);
    json_t *object = json_pack(
        "{s:i, s:s, s:I, s:s, s:i, s:i, s:I, s:s, s:s}", "gaoshi", 1, "screen",
        part->screen, "seq", (json_int_t)part->seq, "kind", part->kind, "part",
        part->part, "parts", part->parts, "bytes",
        (json_int_t)part->total_bytes, "sha256", part->digest, "data", data);
    if (object)
        text = json_dumps(object, JSON_COMPACT);
    json_decref(object);
    free(data);
    return text;
}

/* A text of 1 … size - 1 bytes. */
static bool read_text(json_t *object, const char *name, char *out, size_t size)
{
    json_t *value = json_object_get(object, name);
    size_t bytes = json_string_length(value);

    if (!json_is_string(value) || bytes == 0 || bytes >= size)
        return false;
    memcpy(out, json_string_value(value), bytes + 1);
    return true;
}

static bool read_number(json_t *object, const char *name, int64_t least,
                        int64_t most, int64_t *out)
{
    json_t *value = json_object_get(object, name);

    *out = json_integer_value(value);
    return json_is_integer(value) && *out >= least && *out <= most;
}

static bool is_kind(const char *kind)
{
    return kind[strspn(kind, "abcdefghijklmnopqrstuvwxyz0123456789/-")] == '\0';
}

/* Exactly so many bytes. */
static bool read_data(json_t *object, struct reply_part *out)
{
    json_t *value = json_object_get(object, "data");
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);
    size_t padding = (3 - out->bytes % 3) % 3;
    unsigned char *decoded = NULL;

    if (!text || length != (out->bytes + 2) / 3 * 4 ||
        strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                     "0123456789+/") != length - padding ||
        strspn(text + length - padding, "=") != padding)
        return false;
    decoded = malloc(length);
    bool read = decoded && EVP_DecodeBlock(decoded, (const unsigned char *)text,
                                           (int)length) >= (int)out->bytes;
    if (read)
        memcpy(out->data, decoded, out->bytes);
    free(decoded);
    return read;
}

static bool read_part(json_t *object, struct reply_part *out)
{
    int64_t part, parts, total;

    if (json_integer_value(json_object_get(object, "gaoshi")) != 1 ||
        !read_text(object, "screen", out->screen, sizeof out->screen) ||
        !read_text(object, "kind", out->kind, sizeof out->kind) ||
        !read_text(object, "sha256", out->digest, sizeof out->digest) ||
        !read_number(object, "seq", 0, LIMIT_SEQUENCE, &out->seq) ||
        !read_number(object, "parts", 1, REPLY_PARTS_MAX, &parts) ||
        !read_number(object, "part", 1, parts, &part) ||
        !read_number(object, "bytes", 1, REPLY_BYTES, &total))
        return false;
    out->part = (int)part;
    out->parts = (int)parts;
    out->total_bytes = (size_t)total;
    out->bytes = part_bytes(out->total_bytes, out->part);
    return identifier_is_valid(out->screen) && is_kind(out->kind) &&
           strspn(out->digest, "0123456789abcdef") == REPLY_DIGEST_BYTES &&
           out->parts == count_parts(out->total_bytes) &&
           read_data(object, out);
}

bool reply_part_parse(const char *bytes, size_t size, struct reply_part *out)
{
    if (size > LIMIT_REPLY_BYTES)
        return false;
    json_t *object = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, NULL);
    struct reply_part *part = object ? calloc(1, sizeof *part) : NULL;
    bool read = part && read_part(object, part);
    if (read)
        *out = *part;
    free(part);
    json_decref(object);
    return read;
}

static bool agrees(const struct reply_assembly *assembly,
                   const struct reply_part *part)
{
    return assembly->total_bytes == part->total_bytes &&
           strcmp(assembly->kind, part->kind) == 0 &&
           strcmp(assembly->digest, part->digest) == 0;
}

static bool begin(struct reply_assembly *assembly,
                  const struct reply_part *part)
{
    assembly->whole = malloc(part->total_bytes);
    if (!assembly->whole)
        return false;
    assembly->total_bytes = part->total_bytes;
    assembly->parts = part->parts;
    memcpy(assembly->kind, part->kind, sizeof assembly->kind);
    memcpy(assembly->digest, part->digest, sizeof assembly->digest);
    return true;
}

enum reply_progress reply_assembly_take(struct reply_assembly *assembly,
                                        const struct reply_part *part)
{
    char digest[REPLY_DIGEST_BYTES + 1];
    size_t at = (size_t)(part->part - 1);

    if (!assembly->whole && !begin(assembly, part))
        return REPLY_NO_MEMORY;
    if (!agrees(assembly, part))
        return REPLY_FALSE;
    memcpy(assembly->whole + at * REPLY_PART_BYTES, part->data, part->bytes);
    assembly->count += !assembly->came[at];
    assembly->came[at] = true;
    if (assembly->count < assembly->parts)
        return REPLY_INCOMPLETE;
    reply_digest(assembly->whole, assembly->total_bytes, digest);
    return strcmp(digest, assembly->digest) == 0 ? REPLY_COMPLETE : REPLY_FALSE;
}

void reply_assembly_finish(struct reply_assembly *assembly)
{
    free(assembly->whole);
    *assembly = (struct reply_assembly){.whole = NULL};
}
