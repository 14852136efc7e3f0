/* What the bytes of a file are written in. Internal to cap/. */
#ifndef GAOSHI_CAP_CAP_ENCODING_H
#define GAOSHI_CAP_CAP_ENCODING_H

#include "cap/cap_tolerance.h"

/* Text as expat can read it. encoding NULL: expat finds out by itself. */
struct cap_source {
    const char *bytes;
    size_t size;
    const char *encoding;
    char *converted; /* the bytes, if they had to be converted */
};

/* Refuses NUL bytes and encodings that are not read; converts GB 18030, GBK
 * and GB 2312 to UTF-8. Where the bytes are plainly something else than what
 * is declared, the bytes count. The bytes must live as long as *out;
 * cap_source_finish. */
bool cap_source_open(const char *bytes, size_t size, struct cap_source *out,
                     struct cap_notes *notes, struct problem *problem);
void cap_source_finish(struct cap_source *source);

#endif
