/* The inside of a key, for key.c and key_pem.c alone. */
#ifndef GAOSHI_PROTOCOL_KEY_STATE_H
#define GAOSHI_PROTOCOL_KEY_STATE_H

#include "protocol/key.h"

#include <openssl/evp.h>

struct key {
    EVP_PKEY *pkey;
    enum key_algorithm algorithm;
    bool is_private;
    char id[LIMIT_KEY_ID_BYTES + 1];
};

/* OpenSSL's name: "ED25519", "SM2". */
const char *key_openssl_name(enum key_algorithm algorithm);

/* Takes pkey in any case. */
bool key_wrap(EVP_PKEY *pkey, bool is_private, struct key **out,
              struct problem *problem);

#endif
