/* Places in a message, and the list of places that were passed over. */
#ifndef GAOSHI_PROTOCOL_JSON_PLACE_H
#define GAOSHI_PROTOCOL_JSON_PLACE_H

#include <stddef.h>

/* Where a value stands: a chain up to the root, kept on the stack. */
struct json_place {
    const struct json_place *parent; /* NULL: the message itself */
    const char *name;                /* NULL: entry of a list */
    size_t index;
};

/* Paths of fields, parted by «, ». One that finds no room is only counted.
 * Zeroed is empty. */
enum { JSON_PASSED_BYTES = 200 };
struct json_passed {
    char paths[JSON_PASSED_BYTES];
    size_t count;
};

/* Adds the field `name` of the object at place; name NULL: the place itself.
 * note stands behind it, in brackets; NULL: none. */
void json_pass_over(struct json_passed *passed, const struct json_place *place,
                    const char *name, const char *note);

/* Called for texts of a message; see message_visit_texts. */
typedef void json_visit(void *context, const struct json_place *place,
                        const char *text);

#endif
