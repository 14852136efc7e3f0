/* What screens report: receipts, presence, state. This is JSON without a
 * signature; the broker's access rules protect these topics. */
#ifndef GAOSHI_PROTOCOL_RECEIPT_H
#define GAOSHI_PROTOCOL_RECEIPT_H

#include "protocol/envelope.h"
#include "protocol/message.h"

#include <stdbool.h>
#include <stdint.h>

enum receipt_event {
    RECEIPT_VERIFIED, /* verified, in scope and new: the screen accepted it */
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
     * and texts that it cannot display. */
    char ignored[JSON_PASSED_BYTES], left_out[JSON_PASSED_BYTES];
    /* The envelope_digest of a message that was refused before its sequence
     * number was read (seq is then 0); otherwise "". */
    char digest[ENVELOPE_DIGEST_BYTES + 1];
};

/* JSON text, malloc'ed; the caller frees it. NULL: no memory. */
char *receipt_format(const struct receipt *receipt);
bool receipt_parse(const char *bytes, size_t size, struct receipt *out);

const char *receipt_event_name(enum receipt_event event);

enum presence { PRESENCE_OFFLINE, PRESENCE_ONLINE };
/* run: drawn by lot at the start of the screen's program, so that the will of
 * an earlier run is known as such; 0: not told. */
char *presence_format(enum presence presence, const char *screen,
                      const char *version, int64_t run, int64_t at_ms);

struct presence_said {
    enum presence presence;
    char screen[LIMIT_IDENTIFIER_BYTES + 1];
    char version[40];
    int64_t run;   /* 0: not told */
    int64_t at_ms; /* TIMESTAMP_NONE: not told */
};
bool presence_parse(const char *bytes, size_t size, struct presence_said *out);

/* An alert that a state names. */
struct screen_alert {
    const char *id;
    int64_t seq;
    int64_t at_ms; /* when it was shown first; TIMESTAMP_NONE: not known */
};
enum { SCREEN_STATE_ALERTS = 16, SCREEN_STATE_ERROR_BYTES = 240 };

/* The retained state of a screen. Texts may be "". */
struct screen_state {
    const char *screen;
    const char *version;
    int64_t run;         /* as in the presence; 0: not told */
    const char *area;    /* NULL: not told, as every text below */
    const char *groups;  /* parted by spaces */
    const char *showing; /* "panel/q01-gdp", "alert/flood-1", "clear/flood-1",
                            "plain" */
    int64_t showing_seq;
    int64_t since_ms;
    int64_t until_ms;  /* when what is shown expires; TIMESTAMP_NONE: it does
                          not, or is not told; 0: left out */
    const char *glass; /* how much of the window is covered, such as "1x1 of
                          1920x1080"; NULL: all of it */
    int panels;        /* live panels */
    int alerts;        /* live alerts */
    int pictures_missing, pictures_spoilt; /* that panels name; 0: none */
    int waiting;       /* panels left out until the clock is trusted; 0: none */
    const char *light; /* "dimmed", "dark": then nothing is seen; NULL: bright
                        */
    const struct screen_alert *live; /* the gravest of them */
    size_t live_count;               /* SCREEN_STATE_ALERTS at most */
    /* Alerts that were shown since the start, newest first; they may be over.
     */
    const struct screen_alert *shown;
    size_t shown_count; /* SCREEN_STATE_ALERTS at most */
    int missing;      /* messages that an index or a tick names and that did not
                         arrive */
    bool frozen;      /* a key promised a tick, and none came */
    int64_t tick_ms;  /* when the newest tick came */
    int64_t keys_seq; /* of the key list in force; 0: none */
    bool clock_trusted;
    /* why the clock is not trusted; NULL: it is trusted */
    const char *clock_reason;
    bool store_ok;
    /* mistake in the configuration of the line; NULL: none */
    const char *line_problem;
    int64_t news_ms; /* when something valid last arrived */
    int64_t resident_bytes;
    int64_t frames;      /* presented since the start */
    int64_t frames_late; /* frames of motion that were due and skipped */
    bool safe_mode;      /* shows plain text only, after several crashes */
    int64_t uptime_s;    /* of the program; 0: not told, as the next four */
    int64_t memory_free_bytes;
    int64_t disk_free_bytes;      /* where the store lies */
    int temperature_c;            /* the hottest sensor of the board */
    const char *system;           /* kernel and machine */
    const char *throttled;        /* why the board slows itself down */
    int64_t certificate_until_ms; /* when its own for the broker ends; 0: it has
                                     none */
    const char *last_error;       /* the last warning or error of its log */
    int64_t last_error_ms;        /* when; TIMESTAMP_NONE: not known */
    int64_t at_ms;
};
char *screen_state_format(const struct screen_state *state);

/* One block of memory with all its texts; the caller frees it with free. NULL:
 * no state, over LIMIT_STATE_BYTES, or no memory. Fields of a later version are
 * passed over. */
struct screen_state *screen_state_parse(const char *bytes, size_t size);

#endif
