/* The encoding of a file. Internal to cap/. */
#ifndef GAOSHI_CAP_CAP_ENCODING_H
#define GAOSHI_CAP_CAP_ENCODING_H

#include "cap/cap_tolerance.h"

/* Text that expat can read. encoding NULL: expat detects it. */
struct cap_source {
    const char *bytes;
    size_t size;
    const char *encoding;
    char *converted; /* the bytes, if they had to be converted */
};

/* Refuses NUL bytes and unknown encodings; converts GB 18030, GBK and GB 2312
 * to UTF-8. If the bytes are clearly in another encoding than declared, the
 * bytes count. The bytes must live as long as *out; end it with
 * cap_source_finish. */
bool cap_source_open(const char *bytes, size_t size, struct cap_source *out,
                     struct cap_notes *notes, struct problem *problem);
void cap_source_finish(struct cap_source *source);

#endif
