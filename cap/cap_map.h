/* Maps a message of a warning centre to drafts of alerts for screens. Pure: the
 * caller answers what was sent before. docs/cap.md has the rules. */
#ifndef GAOSHI_CAP_CAP_MAP_H
#define GAOSHI_CAP_CAP_MAP_H

#include "cap/cap.h"
#include "protocol/alert.h"
#include "protocol/scope.h"

#include <jansson.h>
#include <stdint.h>

enum {
    CAP_ID_BYTES = LIMIT_IDENTIFIER_BYTES + 1,
    /* The most chains that one cancel may end. */
    CAP_CHAINS_MAX = 8,
    /* The most areas of one message. */
    CAP_SCOPES_MAX = 256,
};

/* Gives the id under which an earlier message was sent to screens; false: it
 * was not sent. sender is "" in the Chinese profile, whose identifiers are
 * unique. */
struct cap_history {
    bool (*find)(void *context, const char *sender, const char *identifier,
                 char out[CAP_ID_BYTES]);
    void *context;
};

/* One draft for one scope. */
struct cap_draft {
    char id[CAP_ID_BYTES];
    char scope[SCOPE_BYTES]; /* "": the file has none */
    enum alert_level level;  /* unknown for a cancel */
    json_t *json;            /* a draft for message_parse, without its scope */
};

enum cap_kind { CAP_KIND_ALERT, CAP_KIND_UPDATE, CAP_KIND_CANCEL };

struct cap_mapping {
    enum cap_kind kind;
    enum alert_status status;
    char sender[CAP_LIMIT_IDENTIFIER_BYTES + 1]; /* see struct cap_history */
    char identifier[CAP_LIMIT_IDENTIFIER_BYTES + 1];
    int64_t sent_ms;
    /* Ids that it replaces or ends; the first is that of its own chain. */
    char ids[CAP_CHAINS_MAX][CAP_ID_BYTES];
    size_t id_count;
    /* The gravest last, because a screen in two of the scopes keeps the draft
     * that was sent last. */
    struct cap_draft *drafts;
    size_t draft_count;
    struct cap_notes notes; /* in addition to those of the reading */
};

/* False with a problem for a message that is no alert (Ack, Error), is not
 * meant for screens (System, Draft, not public), or is a cancel without an
 * alert to end. history NULL: nothing was sent before. The caller owns *out and
 * ends it with cap_mapping_finish. */
bool cap_to_alerts(const struct cap_alert *alert,
                   const struct cap_history *history, struct cap_mapping *out,
                   struct problem *problem);
void cap_mapping_finish(struct cap_mapping *mapping); /* zeroed: nothing */

#endif
