/* What screens say of themselves: receipts, presence, state. JSON without a
 * signature: the broker's access rules guard these topics. */
#ifndef GAOSHI_PROTOCOL_RECEIPT_H
#define GAOSHI_PROTOCOL_RECEIPT_H

#include "protocol/envelope.h"
#include "protocol/message.h"

#include <stdbool.h>
#include <stdint.h>

enum receipt_event {
    RECEIPT_VERIFIED, /* authentic, in scope, new: it was taken in */
    RECEIPT_REFUSED,  /* with the reason's code and text */
    RECEIPT_SHOWN,    /* its first frame was seen on the glass */
    RECEIPT_ENDED,    /* left the glass for good */
    RECEIPT_COUNT
};

struct receipt {
    enum receipt_event event;
    char message[LIMIT_IDENTIFIER_BYTES + 1];
    char screen[LIMIT_IDENTIFIER_BYTES + 1];
    int64_t seq;
    int64_t at_ms;   /* the screen's wall clock */
    char reason[40]; /* problem_code_name, or expired, cancelled, replaced */
    char text[240];  /* for people; may be empty */
    /* Paths in a verified message, or "": fields that the screen does not know,
     * and texts that it cannot set. */
    char ignored[JSON_PASSED_BYTES], left_out[JSON_PASSED_BYTES];
    /* The envelope_digest of a message that was refused before its number was
     * read (then seq is 0); else "". */
    char digest[ENVELOPE_DIGEST_BYTES + 1];
};

/* JSON text, malloc'ed; the caller frees it. NULL: no memory. */
char *receipt_format(const struct receipt *receipt);
bool receipt_parse(const char *bytes, size_t size, struct receipt *out);

const char *receipt_event_name(enum receipt_event event);

enum presence { PRESENCE_OFFLINE, PRESENCE_ONLINE };
char *presence_format(enum presence presence, const char *screen,
                      const char *version, int64_t at_ms);

/* The retained state of a screen. Texts may be "". */
struct screen_state {
    const char *screen;
    const char *version;
    const char *showing; /* "panel/q01-gdp", "alert/flood-1", "clear/flood-1",
                            "plain" */
    int64_t showing_seq;
    int64_t since_ms;
    const char *glass; /* how much of it is covered, "1x1 of 1920x1080"; NULL:
                          all of it */
    int panels;        /* live panels */
    int alerts;        /* live alerts */
    int missing;       /* listed by an index or a tick, not here */
    bool frozen;       /* a key promised a tick, and none came */
    int64_t tick_ms;   /* when the newest tick came */
    int64_t keys_seq;  /* of the key list in force; 0: none */
    bool clock_trusted;
    const char *clock_reason; /* why not; NULL: it is trusted */
    bool store_ok;
    const char *line_problem; /* in its configuration; NULL: none */
    int64_t news_ms;          /* when something valid last arrived */
    int64_t resident_bytes;
    int64_t frames;      /* presented since the start */
    int64_t frames_late; /* of what moved: were due and left out */
    bool safe_mode;      /* nothing but words, after several crashes */
    int64_t at_ms;
};
char *screen_state_format(const struct screen_state *state);

#endif
