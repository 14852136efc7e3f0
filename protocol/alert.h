/* An emergency message, in the terms of OASIS CAP 1.2 and of the four
 * colours and response levels in use in China. */
#ifndef GAOSHI_PROTOCOL_ALERT_H
#define GAOSHI_PROTOCOL_ALERT_H

#include "base/problem.h"
#include "protocol/json_read.h"
#include "protocol/limits.h"

#include <jansson.h>
#include <stdint.h>

/* Colour of the warning signal, the gravest first. */
enum alert_level {
    ALERT_LEVEL_RED,    /* Ⅰ 特别重大, CAP Extreme */
    ALERT_LEVEL_ORANGE, /* Ⅱ 重大, CAP Severe */
    ALERT_LEVEL_YELLOW, /* Ⅲ 较大, CAP Moderate */
    ALERT_LEVEL_BLUE,   /* Ⅳ 一般, CAP Minor */
    ALERT_LEVEL_UNKNOWN,
    ALERT_LEVEL_COUNT
};

/* CAP status. System and Draft are never sent to screens. */
enum alert_status {
    ALERT_STATUS_ACTUAL,
    ALERT_STATUS_EXERCISE,
    ALERT_STATUS_TEST,
    ALERT_STATUS_COUNT
};

enum alert_urgency {
    ALERT_URGENCY_IMMEDIATE,
    ALERT_URGENCY_EXPECTED,
    ALERT_URGENCY_FUTURE,
    ALERT_URGENCY_PAST,
    ALERT_URGENCY_UNKNOWN,
    ALERT_URGENCY_COUNT
};

enum alert_certainty {
    ALERT_CERTAINTY_OBSERVED,
    ALERT_CERTAINTY_LIKELY,
    ALERT_CERTAINTY_POSSIBLE,
    ALERT_CERTAINTY_UNLIKELY,
    ALERT_CERTAINTY_UNKNOWN,
    ALERT_CERTAINTY_COUNT
};

enum alert_type { ALERT_TYPE_ALERT, ALERT_TYPE_UPDATE, ALERT_TYPE_COUNT };

struct alert_contact {
    const char *label;  /* 防汛值班 */
    const char *number; /* 110, 0371-68186000 */
};

/* The words of an alert in one language. Texts are never NULL. */
struct alert_text {
    const char *language; /* BCP 47: ug, bo, kk-Arab */
    const char *event;
    const char *headline;
    const char *instruction;
};

/* Texts are borrowed from the JSON tree and never NULL; an absent text is "".
 */
struct alert {
    enum alert_status status;
    enum alert_type type;
    enum alert_level level;
    enum alert_urgency urgency;
    enum alert_certainty certainty;
    const char *event;      /* 暴雨 */
    const char *event_code; /* 11B03 */
    const char *headline; /* 郑州市气象台发布暴雨红色预警信号 */
    const char *instruction; /* what to do: the biggest text */
    const char *description;
    const char *area;           /* areaDesc */
    const char *sender;         /* senderName */
    const char *response_level; /* Ⅰ … Ⅳ: level of the response, independent of
                                   the colour */
    const char *web;            /* drawn as a QR code */
    int64_t sent_ms; /* when the source sent it; TIMESTAMP_NONE: not given */
    struct alert_contact contacts[LIMIT_CONTACTS];
    size_t contact_count;
    const char *references[LIMIT_REFERENCES]; /* ids that this one replaces */
    size_t reference_count;
    /* Other languages than Chinese and English, in the message's order. */
    struct alert_text texts[LIMIT_LANGUAGES];
    size_t text_count;
    /* English, where the message has it: in these fields or among the texts. */
    const char *event_en;
    const char *headline_en;
    const char *instruction_en;
};

/* Reads the "alert" object. An unknown word for level, urgency or certainty
 * is read as unknown (such an alert still shows); an unknown status or type
 * is refused. */
bool alert_read(json_t *object, struct alert *out, struct json_passed *passed,
                struct problem *problem);

/* All languages but Chinese: the texts, then English if there is any. Returns
 * how many. */
size_t alert_languages(const struct alert *alert,
                       struct alert_text out[LIMIT_LANGUAGES + 1]);

/* How long an alert without «expires» lasts, counted from its sent or its
 * effective time, whichever is later; but never longer than the cap from its
 * sent time. */
#define ALERT_LIFE_RED_MS (INT64_C(6) * 3600 * 1000)
#define ALERT_LIFE_ORANGE_MS (INT64_C(6) * 3600 * 1000)
#define ALERT_LIFE_YELLOW_MS (INT64_C(12) * 3600 * 1000)
#define ALERT_LIFE_BLUE_MS (INT64_C(24) * 3600 * 1000)
#define ALERT_LIFE_UNKNOWN_MS ALERT_LIFE_YELLOW_MS
#define ALERT_LIFE_CAP_MS (INT64_C(72) * 3600 * 1000)

struct message;

/* The "cancel" object of an alert-cancel: why the alert ended. */
struct alert_cancel {
    const char *reason; /* shown below 解除; may be "" */
    const char *event;  /* may be "" */
    enum alert_status status;
    const char *references[LIMIT_REFERENCES];
    size_t reference_count;
    /* The alert that it ended. Only the lifecycle of a screen sets this, it is
     * not in the message. Owned by the cancel's message; NULL: not known. */
    struct message *ended;
};
bool alert_cancel_read(json_t *object, struct alert_cancel *out,
                       struct json_passed *passed, struct problem *problem);

const char *alert_level_name(enum alert_level level);    /* "red" */
const char *alert_status_name(enum alert_status status); /* "exercise" */

/* See message_visit_texts. */
void alert_visit_texts(const struct alert *alert, json_visit *visit,
                       void *context);
void alert_cancel_visit_texts(const struct alert_cancel *cancel,
                              json_visit *visit, void *context);

#endif
