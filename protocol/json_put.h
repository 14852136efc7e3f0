/* Builds JSON without losing anything: a text that cannot be put in is an error
 * and is not left out. Pure. */
#ifndef GAOSHI_PROTOCOL_JSON_PUT_H
#define GAOSHI_PROTOCOL_JSON_PUT_H

#include "base/problem.h"

#include <jansson.h>

/* Sets a field of an object to a text. False with a problem
 * that names the field, for a text that is no UTF-8, and without memory. */
bool json_put_text(json_t *object, const char *field, const char *text,
                   struct problem *problem);

/* The same at the end of a list, which the field names in the problem. */
bool json_put_entry(json_t *list, const char *field, const char *text,
                    struct problem *problem);

#endif
