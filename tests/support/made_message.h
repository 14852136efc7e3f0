/* Messages for tests of the core, made without JSON, keys and topics. */
#ifndef GAOSHI_TESTS_SUPPORT_MADE_MESSAGE_H
#define GAOSHI_TESTS_SUPPORT_MADE_MESSAGE_H

#include "protocol/message.h"

/* Times in minutes since MADE_EPOCH_MS; MADE_NONE stands for «not given».
 * What is left out is 0: an actual red alert, immediate, sent at the epoch. */
#define MADE_EPOCH_MS INT64_C(1626777000000) /* 2021-07-20T18:30:00+08:00 */
#define MADE_MINUTE_MS INT64_C(60000)
enum { MADE_NONE = -1000000, MADE_REFERENCES = 4 };

struct made {
    const char *id;
    int64_t seq;        /* 0: 1 */
    const char *scope;  /* NULL: all */
    const char *key_id; /* NULL: "" */
    int issued;
    int effective; /* 0: not given */
    int expires;   /* 0: not given */
    /* of an alert */
    int sent; /* 0: as issued; use MADE_NONE for not given */
    enum alert_status status;
    enum alert_level level;
    enum alert_urgency urgency;
    const char *references[MADE_REFERENCES];
    /* of a panel */
    enum panel_section section;
    int order;
    const char *situation; /* level of a situation panel; NULL: a title */
    const struct schedule *schedule; /* NULL: always */
};

int64_t made_time(int minutes);

/* The caller's; message_destroy. */
struct message *made_alert(const struct made *made);
struct message *made_cancel(const struct made *made);
struct message *made_panel(const struct made *made);
struct message *made_removal(const struct made *made);

#endif
