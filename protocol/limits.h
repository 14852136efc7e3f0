/* The limits of everything that comes from outside. */
#ifndef GAOSHI_PROTOCOL_LIMITS_H
#define GAOSHI_PROTOCOL_LIMITS_H

enum {
    /* Bytes of a whole message: envelope line and body. */
    LIMIT_ALERT_BYTES = 16 * 1024,
    LIMIT_PANEL_BYTES = 64 * 1024,
    LIMIT_MESSAGE_BYTES = LIMIT_PANEL_BYTES,
    /* A live figure: many of them come in an hour. */
    LIMIT_FIGURE_BYTES = 2 * 1024,
    /* Entries of one index; if all lists are full, it still fits into a
     * message. */
    LIMIT_INDEX_ENTRIES = 400,
    LIMIT_INDEX_SCOPES = 192,
    LIMIT_INDEX_SETTINGS = 16,

    /* The longest interval between ticks that a tick may promise. */
    LIMIT_TICK_EVERY_S = 3600,

    /* Bytes of a receipt, or of a presence; of a state. */
    LIMIT_RECEIPT_BYTES = 4 * 1024,
    LIMIT_STATE_BYTES = 8 * 1024,

    /* Bytes of a part of what follows an answer, see reply.h. */
    LIMIT_REPLY_BYTES = 34 * 1024,

    /* How many screens a tick may name. */
    LIMIT_TICK_SCREENS = 1000000,

    /* Nesting of the JSON body. */
    LIMIT_JSON_DEPTH = 16,

    /* Bytes of identifiers: org, id, screen, group (ASCII). */
    LIMIT_IDENTIFIER_BYTES = 64,
    LIMIT_TOPIC_BYTES = 512,
    LIMIT_KEY_ID_BYTES = 16,

    /* A PEM file with one key, its public half in base64, a pass-phrase. */
    LIMIT_KEY_PEM_BYTES = 4 * 1024,
    LIMIT_KEY_BASE64_BYTES = 256,
    LIMIT_PASS_PHRASE_BYTES = 256,

    /* Keys of a key list, and scopes of each. */
    LIMIT_KEYS = 32,
    LIMIT_KEY_SCOPES = 8,

    /* Scopes that a screen may lie in (its area's chain, groups, itself). */
    LIMIT_GROUPS = 16,

    /* Code points of each text. */
    LIMIT_TITLE_CHARACTERS = 40,
    LIMIT_LABEL_CHARACTERS = 30,
    LIMIT_LINE_CHARACTERS = 80,
    LIMIT_BODY_CHARACTERS = 2000,
    LIMIT_UNIT_CHARACTERS = 12,
    LIMIT_QUALIFIER_CHARACTERS = 6,
    LIMIT_LANGUAGE_BYTES = 35, /* of a tag of BCP 47 */
    LIMIT_URL_CHARACTERS = 400,
    LIMIT_HEADLINE_CHARACTERS = 160,
    LIMIT_INSTRUCTION_CHARACTERS = 500,
    LIMIT_DESCRIPTION_CHARACTERS = 2000,
    LIMIT_AREA_CHARACTERS = 300,

    /* Entries of each list. */
    LIMIT_FIGURES = 8,
    LIMIT_ITEMS = 16,
    LIMIT_LINES = 6,
    LIMIT_POINTS = 24,
    LIMIT_HISTORY = 12,
    LIMIT_CONTACTS = 6,
    LIMIT_LANGUAGES = 4, /* beside Chinese and English */
    LIMIT_REFERENCES = 64,
    LIMIT_YEARS = 20,

    /* The schedule of a panel: spans of hours, dates, how often it may come,
     * and seconds beyond the time that reading takes. */
    LIMIT_SCHEDULE_HOURS = 8,
    LIMIT_SCHEDULE_DATES = 32,
    LIMIT_SCHEDULE_WEIGHT = 10,
    LIMIT_SCHEDULE_STAND_S = 600,

    /* After how many seconds without news a panel may call its live figures
     * old.
     */
    LIMIT_STALE_LEAST_S = 10,
    LIMIT_STALE_MOST_S = 7 * 24 * 3600,
    /* Pictures of a panel; bytes and pixels of each; its longer side. */
    LIMIT_PICTURES = 8,
    LIMIT_PICTURE_BYTES = 8 * 1024 * 1024,
    LIMIT_PICTURE_PIXELS = 64 * 1000 * 1000,
    LIMIT_PICTURE_SIDE = 30000,
    /* A picture travels in chunks of so many bytes, the last of the rest. */
    LIMIT_CHUNK_BYTES = LIMIT_MESSAGE_BYTES,
    LIMIT_CHUNKS = LIMIT_PICTURE_BYTES / LIMIT_CHUNK_BYTES,

    /* Decimal places of a figure. */
    LIMIT_DECIMAL_PLACES = 3,
};

/* How far a sequence number may be ahead of its message's time of issue, and
 * the time of issue ahead of a screen's clock, because the clocks of operators
 * differ. */
#define LIMIT_SEQUENCE_AHEAD_MS (24LL * 60 * 60 * 1000)

/* A message issued further ahead of a trusted clock than this is not accepted
 * yet. */
#define LIMIT_ISSUED_AHEAD_MS (15LL * 60 * 1000)

/* The release of these programs, 2026-01-01T00:00Z. A clock that is earlier was
 * never set; a board without a battery starts in 1970. */
#define LIMIT_RELEASE_MS 1767225600000LL

/* Sequence numbers stay exact in every JSON reader: 1 … 2^53 − 1. */
#define LIMIT_SEQUENCE 9007199254740991LL

#endif
