/* Types, digests and chunks of pictures. */
#include "protocol/picture.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

const char *picture_type_name(enum picture_type type)
{
    static const char *const names[PICTURE_TYPE_COUNT] = {
        [PICTURE_JPEG] = "jpeg",
        [PICTURE_PNG] = "png",
        [PICTURE_WEBP] = "webp",
        [PICTURE_OTHER] = "other",
    };

    return names[type];
}

enum picture_type picture_type_of(const void *bytes, size_t size)
{
    const unsigned char *b = bytes;

    if (size >= 3 && memcmp(b, "\xFF\xD8\xFF", 3) == 0)
        return PICTURE_JPEG;
    if (size >= 8 && memcmp(b, "\x89PNG\r\n\x1A\n", 8) == 0)
        return PICTURE_PNG;
    if (size >= 12 && memcmp(b, "RIFF", 4) == 0 &&
        memcmp(b + 8, "WEBP", 4) == 0)
        return PICTURE_WEBP;
    return PICTURE_OTHER;
}

bool picture_digest_is_valid(const char *text)
{
    return strlen(text) == PICTURE_DIGEST_BYTES &&
           strspn(text, "0123456789abcdef") == PICTURE_DIGEST_BYTES;
}

bool picture_digest(const void *bytes, size_t size,
                    char out[PICTURE_DIGEST_BYTES + 1])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned length = 0;

    if (EVP_Digest(bytes, size, hash, &length, EVP_sha256(), NULL) != 1 ||
        length != PICTURE_DIGEST_BYTES / 2)
        return false;
    for (unsigned i = 0; i < length; i++) {
        out[2 * i] = digits[hash[i] >> 4];
        out[2 * i + 1] = digits[hash[i] & 15];
    }
    out[PICTURE_DIGEST_BYTES] = '\0';
    return true;
}

size_t picture_chunks(size_t bytes)
{
    return (bytes + LIMIT_CHUNK_BYTES - 1) / LIMIT_CHUNK_BYTES;
}

size_t picture_chunk_bytes(size_t bytes, size_t chunk)
{
    size_t begin = chunk * LIMIT_CHUNK_BYTES;
    size_t left = bytes > begin ? bytes - begin : 0;

    return left < LIMIT_CHUNK_BYTES ? left : LIMIT_CHUNK_BYTES;
}

bool picture_assembly_init(struct picture_assembly *assembly,
                           const char *digest, size_t bytes)
{
    *assembly = (struct picture_assembly){.bytes = bytes};
    if (bytes == 0 || bytes > LIMIT_PICTURE_BYTES ||
        !picture_digest_is_valid(digest))
        return false;
    memcpy(assembly->digest, digest, PICTURE_DIGEST_BYTES);
    assembly->missing = picture_chunks(bytes);
    assembly->data = malloc(bytes);
    return assembly->data != NULL;
}

void picture_assembly_finish(struct picture_assembly *assembly)
{
    free(assembly->data);
    *assembly = (struct picture_assembly){0};
}

enum picture_take picture_assembly_take(struct picture_assembly *assembly,
                                        size_t chunk, const void *bytes,
                                        size_t size)
{
    if (!assembly->data || chunk >= picture_chunks(assembly->bytes) ||
        size != picture_chunk_bytes(assembly->bytes, chunk))
        return PICTURE_REFUSED;
    memcpy(assembly->data + chunk * LIMIT_CHUNK_BYTES, bytes, size);
    if (assembly->came[chunk])
        return PICTURE_KNOWN;
    assembly->came[chunk] = true;
    assembly->missing--;
    return PICTURE_TAKEN;
}

bool picture_assembly_is_right(const struct picture_assembly *assembly)
{
    char digest[PICTURE_DIGEST_BYTES + 1];

    return assembly->data && assembly->missing == 0 &&
           picture_digest(assembly->data, assembly->bytes, digest) &&
           strcmp(digest, assembly->digest) == 0;
}
