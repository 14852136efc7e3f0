/* Emergency messages of warning centres: OASIS CAP 1.0, 1.1 and 1.2 and the
 * Chinese national profile, read from XML into one struct. Pure: turns bytes
 * into a checked message or a problem. cap_map.h turns the message into drafts.
 */
#ifndef GAOSHI_CAP_CAP_H
#define GAOSHI_CAP_CAP_H

#include "base/problem.h"

#include <stdbool.h>
#include <stddef.h>

/* The parameter that carries the level of the response, Ⅰ to Ⅳ. */
#define CAP_RESPONSE_LEVEL "responseLevel"

/* The limits of files from outside. */
enum {
    /* National services send files of 1.7 MB. The memory used stays below about
     * twelve times the limit. */
    CAP_LIMIT_BYTES = 4 * 1024 * 1024,
    CAP_LIMIT_DEPTH = 24,
    CAP_LIMIT_ELEMENTS = 100000,
    CAP_LIMIT_ATTRIBUTES = 16,
    CAP_LIMIT_ATTRIBUTE_BYTES = 4096,
    /* Bytes of one element's text; shapes can be long. */
    CAP_LIMIT_TEXT_BYTES = 64 * 1024,
    CAP_LIMIT_SHAPE_BYTES = 512 * 1024,
    CAP_LIMIT_IDENTIFIER_BYTES = 256,
    CAP_LIMIT_REFERENCES_BYTES = 16 * 1024,
    /* Entries of each list. */
    CAP_LIMIT_INFOS = 64,
    CAP_LIMIT_AREAS = 2048,
    CAP_LIMIT_SHAPES = 2048,
    CAP_LIMIT_PAIRS = 1024,
    CAP_LIMIT_RESOURCES = 32,
    CAP_LIMIT_METHODS = 64,
    CAP_LIMIT_WORDS = 16,
    CAP_LIMIT_NOTES = 32,
};

/* Bits, so that a rule can name several. */
enum cap_dialect {
    CAP_DIALECT_1_0 = 1,   /* http://www.incident.com/cap/1.0 */
    CAP_DIALECT_1_1 = 2,   /* urn:oasis:names:tc:emergency:cap:1.1 */
    CAP_DIALECT_1_2 = 4,   /* urn:oasis:names:tc:emergency:cap:1.2 */
    CAP_DIALECT_CHINA = 8, /* http://com.icss.amp */
};

/* An element's text in UTF-8 without white space around it, and the element's
 * position. NULL: absent, empty, or left out. */
struct cap_text {
    const char *text;
    int line;
    int column;
    /* it contained an unknown element whose text would be lost */
    bool left_out;
};

/* Entries of one type; see the typed readers below. */
struct cap_list {
    void *items;
    size_t count;
};

struct cap_pair {
    struct cap_text name;
    struct cap_text value;
};

struct cap_resource {
    struct cap_text description;
    struct cap_text uri;
    struct cap_text size;
};

/* A text of the Chinese profile for one medium: SMS, LED and so on. */
struct cap_method {
    struct cap_text name;
    struct cap_text message;
};

struct cap_area {
    struct cap_text description;
    struct cap_list polygons; /* cap_text */
    struct cap_list circles;  /* cap_text; radius in km, in China in metres */
    struct cap_list geocodes; /* cap_pair; in China without a name, and the
                                 value has several codes */
    struct cap_text altitude;
};

struct cap_info {
    int line, column;
    struct cap_text language;
    struct cap_list categories; /* cap_text */
    struct cap_text event;      /* in China a code such as 11B03 */
    struct cap_list responses;  /* cap_text: responseType */
    struct cap_text urgency;
    struct cap_text severity; /* in China a colour */
    struct cap_text certainty;
    struct cap_list event_codes; /* cap_pair */
    struct cap_text effective;   /* times: see timestamp.h */
    struct cap_text onset;
    struct cap_text expires;
    struct cap_text sender_name;
    struct cap_text headline;
    struct cap_text description;
    struct cap_text instruction;
    struct cap_text web;
    struct cap_text contact;
    struct cap_list parameters; /* cap_pair */
    struct cap_list resources;  /* cap_resource */
    struct cap_list areas;      /* cap_area */
};

/* What was found but cannot be used, as sentences for the operator. */
struct cap_notes {
    char *items[CAP_LIMIT_NOTES];
    size_t count;
    size_t dropped; /* left out for lack of room */
};

struct cap_pool;

struct cap_alert {
    enum cap_dialect dialect;
    struct cap_text identifier;
    struct cap_text sender;
    struct cap_text sent;
    struct cap_text status;
    struct cap_text type; /* msgType */
    struct cap_text scope;
    struct cap_text note;
    struct cap_text references;
    struct cap_text classification; /* secClassification, of China */
    struct cap_list methods;        /* cap_method */
    struct cap_list infos;          /* cap_info */
    bool is_signed;                 /* an XML signature, never verified */
    int line, column;
    struct cap_notes notes;
    struct cap_pool *pool; /* owns all texts and lists */
};

/* Reads a whole file in UTF-8, UTF-16, ISO-8859-1, GB 18030, GBK or GB 2312;
 * any other encoding, a DOCTYPE and a NUL byte are refused. Oddities that were
 * forgiven are in the notes (cap_tolerance.h). The problem contains place (the
 * file), line, column and the element's path. The caller owns *out and ends it
 * with cap_alert_destroy. */
bool cap_read(const char *bytes, size_t size, const char *place,
              struct cap_alert **out, struct problem *problem);
void cap_alert_destroy(struct cap_alert *alert); /* NULL: nothing */

/* "CAP 1.2", "China's national profile". */
const char *cap_dialect_name(enum cap_dialect dialect);

/* Entries of the lists; the index must be below the list's count. */
const struct cap_text *cap_text_at(const struct cap_list *list, size_t index);
const struct cap_pair *cap_pair_at(const struct cap_list *list, size_t index);
const struct cap_info *cap_info_at(const struct cap_alert *alert, size_t index);
const struct cap_area *cap_area_at(const struct cap_info *info, size_t index);
const struct cap_method *cap_method_at(const struct cap_alert *alert,
                                       size_t index);

/* True when the element exists and contains this word (ASCII case ignored). */
bool cap_text_is(const struct cap_text *text, const char *word);

/* The text, or "". */
const char *cap_text_or_empty(const struct cap_text *text);

/* Adds a sentence once; a full list only counts it. Zeroed is empty. */
void cap_notes_add(struct cap_notes *notes, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void cap_notes_finish(struct cap_notes *notes);

#endif
