/* Reads JSON objects into structs by tables of fields, so that every body is
 * checked alike and every error names its field. Internal to protocol/. */
#ifndef GAOSHI_PROTOCOL_JSON_READ_H
#define GAOSHI_PROTOCOL_JSON_READ_H

#include "base/problem.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* The path of a value, as a chain up to the root, on the stack. */
struct json_place {
    const struct json_place *parent; /* NULL: the message itself */
    const char *name;                /* NULL: entry of a list */
    size_t index;
};

/* Paths of fields, separated by «, ». A path that does not fit is only counted.
 * Zeroed is empty. */
enum { JSON_PASSED_BYTES = 200 };
struct json_passed {
    char paths[JSON_PASSED_BYTES];
    size_t count;
};

/* Adds the field `name` of the object at place; name NULL: the place itself.
 * The note follows in brackets; NULL: no note. */
void json_pass_over(struct json_passed *passed, const struct json_place *place,
                    const char *name, const char *note);

/* Called for each text of a message; see message_visit_texts. */
typedef void json_visit(void *context, const struct json_place *place,
                        const char *text);

/* What a field holds and what it becomes in the struct. Absent texts become
 * "", absent times TIMESTAMP_NONE, absent numbers 0. */
enum field_shape {
    FIELD_LINE,       /* const char *: 1 … most characters on one line */
    FIELD_PARAGRAPHS, /* const char *: the same, \n allowed */
    FIELD_URL,        /* const char *: http or https, RFC 3986 */
    FIELD_IDENTIFIER, /* const char *: see scope.h */
    FIELD_SCOPE,      /* const char *: see scope.h */
    FIELD_TIME,       /* int64_t: see timestamp.h */
    FIELD_DECIMAL,    /* struct decimal */
    FIELD_INT,        /* int: least … most */
    FIELD_LONG,       /* int64_t: least … most */
    FIELD_WORD,       /* an enum: one of words */
    FIELD_EITHER,     /* bool: false for the first of words, true for the
                       * second */
    FIELD_TEXTS,      /* array of texts or words, each as list->entry says */
    FIELD_OBJECTS,    /* array of structs, each as list->entry says */
    FIELD_LANGUAGES, /* the same, of an object whose keys are language tags: the
                      * first member of an entry is its tag, a const char * */
    FIELD_OTHER,     /* known, but read elsewhere */
};

struct json_words {
    const char *const *names;
    int count;
    int absent;    /* value if the field is absent */
    int unknown;   /* value of any other word; negative: refused */
    bool passable; /* where unknown fields are skipped, an unknown word counts
                      as absent */
};

struct json_list {
    /* FIELD_TEXTS: one row, otherwise a table */
    const struct json_field *entry;
    size_t entry_bytes;
    size_t count_offset; /* of the size_t that counts the array */
};

struct json_field {
    const char *name; /* NULL ends a table */
    enum field_shape shape;
    bool required;
    size_t offset;       /* in the struct */
    int64_t least, most; /* characters, value or entries */
    const struct json_words *words;
    const struct json_list *list;
};

/* Calls visit for every text of the struct that the table describes: lines and
 * paragraphs, also absent ones. */
void json_visit_texts(const struct json_field *fields, const void *object,
                      const struct json_place *place, json_visit *visit,
                      void *context);

/* Fills *out, which is zeroed before, by the table. Returns false with the
 * field's path when a field is missing or has a bad value; *out is then partly
 * filled. An unknown field is also an error if passed is NULL; otherwise it is
 * skipped and noted there. place NULL: the object is the message itself. Texts
 * are borrowed from the object. */
bool json_read_object(json_t *object, const struct json_place *place,
                      const struct json_field *fields, void *out,
                      struct json_passed *passed, struct problem *problem);

/* Sets a problem at the field `name` of the object at place; name NULL: at the
 * place itself. Returns false. */
bool json_read_problem(struct problem *problem, const struct json_place *place,
                       const char *name, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* A language tag of BCP 47, in short: ug, kk-Arab, mn-Mong-CN; none of Chinese.
 */
bool json_read_is_language(const char *tag);

/* Describes a value for «… found»: number 12, text «abc», list. */
enum { JSON_FOUND_BYTES = 160 };
void json_read_describe(const json_t *value, char out[JSON_FOUND_BYTES]);

#endif
