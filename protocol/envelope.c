/* Seals bodies and opens payloads. Nothing is parsed before its signature is
 * verified. */
#include "protocol/envelope.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENVELOPE_WORD "gaoshi1 "

enum {
    /* «gaoshi1 KEYID\n», the part of the signed bytes before the body. */
    HEAD_BYTES = sizeof ENVELOPE_WORD - 1 + LIMIT_KEY_ID_BYTES + 1,
    /* 64 bytes in base64, with the two characters of padding and without. */
    BASE64_BYTES = (KEY_SIGNATURE_BYTES + 2) / 3 * 4,
    SIGNATURE_CHARACTERS = (KEY_SIGNATURE_BYTES * 4 + 2) / 3,
};

_Static_assert(HEAD_BYTES + SIGNATURE_CHARACTERS + 1 == ENVELOPE_LINE_BYTES,
               "the line's length follows from its parts");

static void swap_signs(char *text, const char *from, const char *to)
{
    for (; *text; text++) {
        const char *sign = strchr(from, *text);
        if (sign)
            *text = to[sign - from];
    }
}

static void encode_signature(const unsigned char signature[KEY_SIGNATURE_BYTES],
                             char out[BASE64_BYTES + 1])
{
    EVP_EncodeBlock((unsigned char *)out, signature, KEY_SIGNATURE_BYTES);
    out[SIGNATURE_CHARACTERS] = '\0';
    swap_signs(out, "+/", "-_");
}

/* Accepts only the spelling that encode_signature gives. */
static bool decode_signature(const char *text,
                             unsigned char out[KEY_SIGNATURE_BYTES])
{
    char padded[BASE64_BYTES + 1] = {0};
    char again[BASE64_BYTES + 1];
    unsigned char bytes[BASE64_BYTES];

    memset(padded, '=', BASE64_BYTES);
    memcpy(padded, text, SIGNATURE_CHARACTERS);
    swap_signs(padded, "-_", "+/");
    if (EVP_DecodeBlock(bytes, (unsigned char *)padded, BASE64_BYTES) < 0)
        return false;
    encode_signature(bytes, again);
    if (memcmp(again, text, SIGNATURE_CHARACTERS) != 0)
        return false;
    memcpy(out, bytes, KEY_SIGNATURE_BYTES);
    return true;
}

/* The signed bytes: head and body joined, allocated with malloc. */
static char *signed_bytes(const char *id, const char *body, size_t body_bytes)
{
    char *bytes = malloc(HEAD_BYTES + body_bytes + 1);

    if (!bytes)
        return NULL;
    snprintf(bytes, HEAD_BYTES + 1, ENVELOPE_WORD "%.*s\n", LIMIT_KEY_ID_BYTES,
             id);
    memcpy(bytes + HEAD_BYTES, body, body_bytes);
    return bytes;
}

static bool sign_body(const struct key *key, const char *body,
                      size_t body_bytes, char out[BASE64_BYTES + 1])
{
    unsigned char signature[KEY_SIGNATURE_BYTES];
    char *bytes = signed_bytes(key_id(key), body, body_bytes);
    bool fine = bytes &&
                key_sign(key, bytes, HEAD_BYTES + body_bytes, signature);

    free(bytes);
    if (fine)
        encode_signature(signature, out);
    return fine;
}

static bool check_size(size_t bytes, struct problem *problem)
{
    return bytes <= LIMIT_MESSAGE_BYTES ||
           problem_set(problem, PROBLEM_TOO_LARGE,
                       "message of %zu bytes, %d at most", bytes,
                       LIMIT_MESSAGE_BYTES);
}

bool envelope_seal(const struct key *key, const char *body, size_t body_bytes,
                   char **out, size_t *out_bytes, struct problem *problem)
{
    char signature[BASE64_BYTES + 1];

    if (body_bytes > LIMIT_MESSAGE_BYTES)
        return check_size(body_bytes, problem);
    if (!check_size(ENVELOPE_LINE_BYTES + body_bytes, problem))
        return false;
    if (!sign_body(key, body, body_bytes, signature))
        return problem_set(problem, PROBLEM_SYSTEM,
                           "key %s did not sign: private half expected",
                           key_id(key));
    char *payload = malloc(ENVELOPE_LINE_BYTES + body_bytes + 1);
    if (!payload)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory for a message");
    snprintf(payload, ENVELOPE_LINE_BYTES + 1, ENVELOPE_WORD "%s %s\n",
             key_id(key), signature);
    memcpy(payload + ENVELOPE_LINE_BYTES, body, body_bytes);
    *out = payload;
    *out_bytes = ENVELOPE_LINE_BYTES + body_bytes;
    return true;
}

static bool is_key_id(const char *text)
{
    for (size_t i = 0; i < LIMIT_KEY_ID_BYTES; i++) {
        if (text[i] == '\0' || !strchr("0123456789abcdef", text[i]))
            return false;
    }
    return true;
}

/* Every part of the line has a fixed length. */
static bool read_line(const char *payload, size_t bytes,
                      char id[LIMIT_KEY_ID_BYTES + 1],
                      unsigned char signature[KEY_SIGNATURE_BYTES])
{
    const size_t word_bytes = sizeof ENVELOPE_WORD - 1;

    if (bytes < ENVELOPE_LINE_BYTES ||
        memcmp(payload, ENVELOPE_WORD, word_bytes) != 0 ||
        !is_key_id(payload + word_bytes) || payload[HEAD_BYTES - 1] != ' ' ||
        payload[ENVELOPE_LINE_BYTES - 1] != '\n' ||
        !decode_signature(payload + HEAD_BYTES, signature))
        return false;
    memcpy(id, payload + word_bytes, LIMIT_KEY_ID_BYTES);
    id[LIMIT_KEY_ID_BYTES] = '\0';
    return true;
}

void envelope_digest(const char *payload, size_t bytes,
                     char out[ENVELOPE_DIGEST_BYTES + 1])
{
    unsigned char hash[EVP_MAX_MD_SIZE];

    out[0] = '\0';
    if (EVP_Digest(payload, bytes, hash, NULL, EVP_sha256(), NULL) != 1)
        return;
    for (size_t i = 0; i < ENVELOPE_DIGEST_BYTES / 2; i++)
        snprintf(out + 2 * i, 3, "%02x", hash[i]);
}

const char *envelope_peek_key_id(const char *payload, size_t bytes)
{
    const size_t word_bytes = sizeof ENVELOPE_WORD - 1;

    if (bytes < HEAD_BYTES || memcmp(payload, ENVELOPE_WORD, word_bytes) != 0)
        return NULL;
    return payload + word_bytes;
}

static bool verify(const struct key *key, const struct envelope *envelope,
                   const unsigned char signature[KEY_SIGNATURE_BYTES],
                   struct problem *problem)
{
    char *bytes = signed_bytes(envelope->key_id, envelope->body,
                               envelope->body_bytes);

    if (!bytes)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory for a message");
    bool matches = key_verify(key, bytes, HEAD_BYTES + envelope->body_bytes,
                              signature, KEY_SIGNATURE_BYTES);
    free(bytes);
    return matches || problem_set(problem, PROBLEM_SIGNATURE,
                                  "the signature of key %s does not match",
                                  envelope->key_id);
}

bool envelope_open(const struct key_ring *ring, const char *payload,
                   size_t bytes, struct envelope *out, struct problem *problem)
{
    unsigned char signature[KEY_SIGNATURE_BYTES];
    struct envelope envelope;

    if (!check_size(bytes, problem))
        return false;
    if (!read_line(payload, bytes, envelope.key_id, signature))
        return problem_set(problem, PROBLEM_SYNTAX,
                           bytes == 0 ? "nothing found, a signed message "
                                        "expected"
                                      : "no envelope line found, «gaoshi1 "
                                        "KEYID SIGNATURE» expected");
    envelope.body = payload + ENVELOPE_LINE_BYTES;
    envelope.body_bytes = bytes - ENVELOPE_LINE_BYTES;
    const struct key *key = key_ring_find(ring, envelope.key_id,
                                          &envelope.grant);
    if (!key)
        return problem_set(problem, PROBLEM_SIGNATURE,
                           "key %s is not known to this screen",
                           envelope.key_id);
    if (!verify(key, &envelope, signature, problem))
        return false;
    *out = envelope;
    return true;
}
