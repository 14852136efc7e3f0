/* The topics of protocol version 1 (docs/protocol.md). */
#ifndef GAOSHI_PROTOCOL_TOPIC_H
#define GAOSHI_PROTOCOL_TOPIC_H

#include "protocol/limits.h"
#include "protocol/scope.h"

#include <stdbool.h>

enum topic_kind {
    TOPIC_PANEL,    /* gaoshi/1/ORG/down/SCOPE/panel/ID   retained */
    TOPIC_ALERT,    /* gaoshi/1/ORG/down/SCOPE/alert/ID   retained */
    TOPIC_INDEX,    /* gaoshi/1/ORG/down/SCOPE/index/KEYID retained */
    TOPIC_TICK,     /* gaoshi/1/ORG/down/all/tick */
    TOPIC_KEYS,     /* gaoshi/1/ORG/down/all/keys           retained */
    TOPIC_SETTINGS, /* gaoshi/1/ORG/down/SCOPE/settings/ID retained */
    TOPIC_FIGURE,   /* gaoshi/1/ORG/down/SCOPE/figure/ID   retained */
    /* gaoshi/1/ORG/picture/SHA256/CHUNK: retained. No scope: it is asked for by
     * digest. */
    TOPIC_PICTURE,
    TOPIC_COMMAND,  /* gaoshi/1/ORG/command/SCREEN */
    TOPIC_PRESENCE, /* gaoshi/1/ORG/screen/SCREEN/presence  retained */
    TOPIC_STATE,    /* gaoshi/1/ORG/screen/SCREEN/state     retained */
    TOPIC_REPLY,    /* gaoshi/1/ORG/screen/SCREEN/reply */
    TOPIC_RECEIPT,  /* gaoshi/1/ORG/screen/SCREEN/receipt */
    /* gaoshi/1/ORG/receipt/MESSAGE/SCREEN: receipts of earlier versions of
     * screens. Only read, never written. */
    TOPIC_RECEIPT_BEFORE,
    TOPIC_KIND_COUNT
};

/* Parts that a kind does not have are empty. */
struct topic {
    enum topic_kind kind;
    char org[LIMIT_IDENTIFIER_BYTES + 1];
    char scope[SCOPE_BYTES];
    /* The panel, the alert, the name of a live figure or the message of a
     * receipt; for an index the key; for a chunk the digest of its picture. */
    char id[LIMIT_IDENTIFIER_BYTES + 1];
    char screen[LIMIT_IDENTIFIER_BYTES + 1];
    char chunk[4]; /* 0 … LIMIT_CHUNKS − 1 */
};

/* False when the parts are not valid for the kind; out is then untouched. */
bool topic_format(const struct topic *topic, char out[LIMIT_TOPIC_BYTES]);

/* Reads a topic of version 1; anything else: false, *topic untouched. */
bool topic_parse(const char *text, struct topic *topic);

/* The filter for the chunks of a picture. */
bool topic_picture_filter(const char *org, const char *digest,
                          char out[LIMIT_TOPIC_BYTES]);

/* The filters of a screen, in this order: the list of keys, so that what
 * follows can be verified; one filter for each scope that contains the screen;
 * its command topic. Returns the count. */
enum { TOPIC_FILTER_MAX = SCOPE_MAX + 2 };
size_t topic_filters(const struct screen_identity *screen,
                     char out[TOPIC_FILTER_MAX][LIMIT_TOPIC_BYTES]);

#endif
