/* A message of protocol version 1: the fields that every signed body has, and
 * the body of its kind. Files, the publisher and the display are read by the
 * same parser. */
#ifndef GAOSHI_PROTOCOL_MESSAGE_H
#define GAOSHI_PROTOCOL_MESSAGE_H

#include "base/problem.h"
#include "protocol/alert.h"
#include "protocol/figure.h"
#include "protocol/json_read.h"
#include "protocol/key_list.h"
#include "protocol/panel.h"
#include "protocol/settings.h"
#include "protocol/topic.h"

#include <jansson.h>
#include <stdint.h>

enum message_kind {
    MESSAGE_PANEL,         /* "panel" */
    MESSAGE_PANEL_REMOVAL, /* "panel-removal", in the panel's slot */
    MESSAGE_ALERT,         /* "alert" */
    MESSAGE_ALERT_CANCEL,  /* "alert-cancel", in the alert's slot */
    MESSAGE_INDEX,         /* "index": the live messages of a key in a scope */
    MESSAGE_TICK,          /* "tick": shows that messages still arrive */
    MESSAGE_COMMAND,       /* "command" */
    MESSAGE_KEYS,          /* "keys": the key list, signed by a root key */
    MESSAGE_SETTINGS,      /* "settings" of the screens of a scope */
    MESSAGE_FIGURE,        /* "figure": the newest value under a name */
    MESSAGE_KIND_COUNT
};

enum command_verb {
    COMMAND_IDENTIFY,
    COMMAND_RELOAD,
    COMMAND_SCREENSHOT,
    COMMAND_BRIGHTNESS, /* value 0 … 100 */
    COMMAND_RESTART,
    COMMAND_NIGHT, /* value 1: on, 0: off */
    COMMAND_CONFIG,
    COMMAND_PLAYS, /* from, to, after */
    COMMAND_COUNT
};

struct message_command {
    enum command_verb verb;
    int value;
    /* Of COMMAND_PLAYS: TIMESTAMP_NONE without a bound; the number of the last
     * block of the log that the sender has, 0: none. */
    int64_t from_ms, to_ms;
    int64_t after;
};

struct message_index_entry {
    const char *slot; /* "panel/ID", "alert/ID" or "settings/ID" */
    int64_t seq;
};

struct message_index_scope {
    const char *scope; /* never "all" */
    int64_t seq;       /* of this key's index in that scope */
};

struct message_index {
    struct message_index_entry entries[LIMIT_INDEX_ENTRIES];
    size_t count;
    struct message_index_entry settings[LIMIT_INDEX_SETTINGS];
    size_t settings_count;
    /* only in the index of scope all */
    struct message_index_scope scopes[LIMIT_INDEX_SCOPES];
    size_t scope_count;
};

struct message_tick {
    int64_t index_seq; /* of the key's newest index of all; 0: none */
    int64_t keys_seq;  /* of the newest list of keys that the sender knows; 0:
                          none */
    int every_s; /* the next tick follows within this time; 0: no promise */
    int screens; /* of the organisation, as its inventory has it; 0: not told */
};

/* A file that a person writes (draft) may leave out org, scope, seq and issued,
 * which the publisher fills in, and may name its schema («$schema»), which is
 * dropped. On the wire they are required. A screen skips
 * unknown fields, which a later version may add (received); all other readers
 * refuse them, because they may be typing errors. */
enum message_form { MESSAGE_DRAFT, MESSAGE_WIRE, MESSAGE_RECEIVED };

struct message {
    enum message_kind kind;
    const char *org;   /* "" in a draft without it */
    const char *scope; /* likewise */
    const char *id; /* "" for a tick; the screen for a command; the signing key
                       for an index */
    int64_t seq;    /* 0 in a draft without it */
    int64_t issued_ms;    /* TIMESTAMP_NONE in a draft without it */
    int64_t effective_ms; /* TIMESTAMP_NONE: at once */
    int64_t expires_ms;   /* TIMESTAMP_NONE: not given */
    union {
        struct panel panel;
        struct alert alert;
        struct alert_cancel cancel;
        struct message_index *index; /* owned by the message */
        struct message_tick tick;
        struct key_list *keys;     /* owned by the message */
        struct settings *settings; /* owned by the message */
        struct message_command command;
        struct figure figure;
    };
    /* The key that signed it; set by the code that opened the envelope; "" in a
     * draft. */
    char key_id[LIMIT_KEY_ID_BYTES + 1];
    /* fields that were skipped; only for MESSAGE_RECEIVED */
    struct json_passed passed;
    struct json_passed left_out; /* texts that a screen cannot set */
    json_t *root;                /* owned; all strings live in it */
};

/* Parses and validates a whole body: UTF-8, JSON without duplicate keys, depth,
 * sizes, every field. The problem contains place (a file or topic) and, except
 * for MESSAGE_RECEIVED, the line and column of the field. The caller owns *out
 * and ends it with message_destroy. */
bool message_parse(const char *bytes, size_t size, enum message_form form,
                   const char *place, struct message **out,
                   struct problem *problem);
void message_destroy(struct message *message);

/* Calls visit for every text that people wrote in a panel, an alert or a
 * cancel; see json_visit_texts. */
void message_visit_texts(const struct message *message, json_visit *visit,
                         void *context);

/* Checks that org, scope, kind and id are the same in the body and the topic.
 */
bool message_agrees_with_topic(const struct message *message,
                               const struct topic *topic,
                               struct problem *problem);

/* The topic of the message. False for a draft without org or scope. */
bool message_topic(const struct message *message, struct topic *out);

/* When the source sent the alert, or the time of issue if it is not given.
 * TIMESTAMP_NONE: a draft that has neither. */
int64_t message_alert_sent_ms(const struct message *message);

/* The wall time at which the alert ends: «expires», or the default of its
 * level. A draft must have «expires», «sent» or «issued». */
int64_t message_alert_end_ms(const struct message *message);

/* A key needs one of these roles to sign the kind. An index needs any role but
 * that of a root key, a tick that for panels or alerts, the key list that of a
 * root key. */
unsigned message_roles(enum message_kind kind);

const char *command_verb_name(enum command_verb verb);
const char *message_kind_name(enum message_kind kind);

#endif
