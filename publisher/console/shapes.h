/* Shapes of screens for previews: what the options name, or three usual ones.
 */
#ifndef GAOSHI_PUBLISHER_SHAPES_H
#define GAOSHI_PUBLISHER_SHAPES_H

#include "publisher/cli/options.h"

#include <jansson.h>

enum { SHAPES_MAX = LINK_BROKER_MAX };

struct shape {
    char name[LIMIT_IDENTIFIER_BYTES + 1];
    int width_px, height_px;
    int height_mm;
    char viewing_m[16];
};

struct shapes {
    struct shape items[SHAPES_MAX];
    size_t count; /* 1 at least */
};

bool shapes_read(const struct options *options, struct shapes *out,
                 struct problem *problem);

/* A request for the display's helper with the shape's size and options; the
 * caller adds the rest. NULL: no memory. */
json_t *shape_request(const struct shape *shape);

json_t *shapes_json(const struct shapes *shapes);

#endif
