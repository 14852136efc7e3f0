/* One message of protocol version 1: what every signed body carries, and the
 * body of its kind. The same reader serves files, the publisher and the
 * display. */
#ifndef GAOSHI_PROTOCOL_MESSAGE_H
#define GAOSHI_PROTOCOL_MESSAGE_H

#include "base/problem.h"
#include "protocol/alert.h"
#include "protocol/json_read.h"
#include "protocol/key_list.h"
#include "protocol/panel.h"
#include "protocol/topic.h"

#include <jansson.h>
#include <stdint.h>

enum message_kind {
    MESSAGE_PANEL,         /* "panel" */
    MESSAGE_PANEL_REMOVAL, /* "panel-removal", in the panel's slot */
    MESSAGE_ALERT,         /* "alert" */
    MESSAGE_ALERT_CANCEL,  /* "alert-cancel", in the alert's slot */
    MESSAGE_INDEX,         /* "index": what a key has live in a scope */
    MESSAGE_TICK,          /* "tick": the line lives */
    MESSAGE_COMMAND,       /* "command" */
    MESSAGE_KEYS,          /* "keys": the key list, signed by a root key */
    MESSAGE_KIND_COUNT
};

enum command_verb {
    COMMAND_IDENTIFY,
    COMMAND_RELOAD,
    COMMAND_SCREENSHOT,
    COMMAND_BRIGHTNESS, /* value 0 … 100 */
    COMMAND_RESTART,
    COMMAND_COUNT
};

struct message_index_entry {
    const char *slot; /* "panel/ID" or "alert/ID" */
    int64_t seq;
};

struct message_index_scope {
    const char *scope; /* never "all" */
    int64_t seq;       /* of this key's index there */
};

struct message_index {
    struct message_index_entry entries[LIMIT_INDEX_ENTRIES];
    size_t count;
    struct message_index_scope scopes[LIMIT_INDEX_SCOPES]; /* scope all only */
    size_t scope_count;
};

struct message_tick {
    int64_t index_seq; /* of the key's newest index of all; 0: none */
    int64_t keys_seq;  /* of the newest list of keys it knows; 0: none */
    int every_s;       /* the next tick follows within that; 0: no promise */
};

/* A file that a person writes may leave out org, scope, seq and issued; the
 * publisher fills them in. On the wire all of them stand in the body. A screen
 * passes over fields of a later version; all others refuse unknown fields,
 * which may be typing errors. */
enum message_form { MESSAGE_DRAFT, MESSAGE_WIRE, MESSAGE_RECEIVED };

struct message {
    enum message_kind kind;
    const char *org;      /* "" in a draft without it */
    const char *scope;    /* likewise */
    const char *id;       /* "" for a tick; screen for a command; for an
                             index the key that signs it */
    int64_t seq;          /* 0 in a draft without it */
    int64_t issued_ms;    /* TIMESTAMP_NONE in a draft without it */
    int64_t effective_ms; /* TIMESTAMP_NONE: at once */
    int64_t expires_ms;   /* TIMESTAMP_NONE: not given */
    union {
        struct panel panel;
        struct alert alert;
        struct alert_cancel cancel;
        struct message_index *index; /* owned by the message */
        struct message_tick tick;
        struct key_list *keys; /* owned by the message */
        struct {
            enum command_verb verb;
            int value;
        } command;
    };
    /* Who signed it: set by whoever opened the envelope; "" in a draft. */
    char key_id[LIMIT_KEY_ID_BYTES + 1];
    struct json_passed passed;   /* over; empty but for MESSAGE_RECEIVED */
    struct json_passed left_out; /* texts that a screen cannot set */
    json_t *root;                /* owned; all strings live in it */
};

/* Parses and validates a whole body: UTF-8, JSON without duplicate keys,
 * depth, sizes, every field. place (file or topic) goes into the problem, but
 * for MESSAGE_RECEIVED with line and column of the field. Caller owns *out;
 * message_destroy. */
bool message_parse(const char *bytes, size_t size, enum message_form form,
                   const char *place, struct message **out,
                   struct problem *problem);
void message_destroy(struct message *message);

/* Calls visit for every text that people wrote, see json_read.h: those of a
 * panel, an alert or a cancel. */
void message_visit_texts(const struct message *message, json_visit *visit,
                         void *context);

/* What the body says must be what the topic says: org, scope, kind, id. */
bool message_agrees_with_topic(const struct message *message,
                               const struct topic *topic,
                               struct problem *problem);

/* The topic that a message of this body goes to; false for a draft that lacks
 * org or scope. */
bool message_topic(const struct message *message, struct topic *out);

/* When the source sent the alert; when it was issued, if that is not told.
 * TIMESTAMP_NONE: a draft that tells neither. */
int64_t message_alert_sent_ms(const struct message *message);

/* Wall clock at which the alert is over: expires, or the default. The draft
 * of an alert must tell one of the times that it follows from. */
int64_t message_alert_end_ms(const struct message *message);

/* The roles of which a key needs any one for this kind. Index and tick belong
 * to whoever pushes panels or raises alerts, the key list to the root. */
unsigned message_roles(enum message_kind kind);

const char *message_kind_name(enum message_kind kind);

#endif
