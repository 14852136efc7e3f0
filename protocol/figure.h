/* A live figure: the newest value under a name. Panels that bind a figure to
 * the name show it. */
#ifndef GAOSHI_PROTOCOL_FIGURE_H
#define GAOSHI_PROTOCOL_FIGURE_H

#include "protocol/decimal.h"
#include "protocol/json_read.h"

struct figure {
    struct decimal value;
    int64_t at_ms;    /* when it was measured; TIMESTAMP_NONE: not given */
    const char *unit; /* only panels with this unit take it; "": any */
};

/* Reads the "figure" object; strings are borrowed from it. issued_ms: of the
 * message; a measurement is not later. TIMESTAMP_NONE: not known yet. */
bool figure_read(json_t *object, int64_t issued_ms, struct figure *out,
                 struct json_passed *passed, struct problem *problem);

#endif
