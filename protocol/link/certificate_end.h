/* When a certificate of ours ends, so that it is renewed in time. */
#ifndef GAOSHI_PROTOCOL_CERTIFICATE_END_H
#define GAOSHI_PROTOCOL_CERTIFICATE_END_H

#include <stdbool.h>
#include <stdint.h>

enum {
    /* So long before its end it is told. */
    CERTIFICATE_SOON_DAYS = 60,
    CERTIFICATE_NAME_BYTES = 65,
    CERTIFICATE_WORDS_BYTES = 64,
};

struct certificate_end {
    int64_t ms;                        /* since 1970 */
    char name[CERTIFICATE_NAME_BYTES]; /* its common name; "": it has none */
};

/* Reads the first certificate of a PEM file. False: the file cannot be read, or
 * no certificate is in it; *out is unchanged. */
bool certificate_end_read(const char *file, struct certificate_end *out);

/* Whether it ends within CERTIFICATE_SOON_DAYS, or has ended. end_ms 0: not
 * known, so it does not. */
bool certificate_ends_soon(int64_t end_ms, int64_t now_ms);

/* «ends on 2027-01-29, in 59 days», «ended on 2026-10-01», by the calendar of
 * this machine. */
void certificate_end_describe(int64_t end_ms, int64_t now_ms,
                              char out[CERTIFICATE_WORDS_BYTES]);

#endif
