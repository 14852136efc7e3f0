/* From a draft to the body that is signed. */
#ifndef GAOSHI_PUBLISHER_COMPOSE_H
#define GAOSHI_PUBLISHER_COMPOSE_H

#include "base/problem.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

struct compose_frame {
    const char *org;   /* NULL: the draft must have it */
    const char *scope; /* NULL: the draft's, else all */
    int64_t seq;
    int64_t issued_ms;
    int utc_offset_minutes;
};

/* Everything that the draft says stays as it is; what it leaves open is
 * filled in. seq and issued are always new: they belong to this sending. A
 * draft that names another org or scope than the frame is refused. *out is
 * JSON, NUL-terminated, the caller's to free. */
bool compose_body(const json_t *draft, const struct compose_frame *frame,
                  char **out, size_t *bytes, struct problem *problem);

/* JSON as bodies are written: indented, in order, not escaped. NULL: no
 * memory. */
char *compose_print(const json_t *body);

#endif
