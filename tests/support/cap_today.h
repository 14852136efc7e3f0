/* Files of tests/cap as if they had come today: what is over is not sent. */
#ifndef GAOSHI_TESTS_SUPPORT_CAP_TODAY_H
#define GAOSHI_TESTS_SUPPORT_CAP_TODAY_H

#include "tests/support/publisher_fixture.h"

enum { CAP_TODAY_HOUR_MS = 3600 * 1000 };

/* The text of a file with its times moved so that 18:20 of the corpus' day is
 * at_ms and every later hour a minute behind that. The caller frees it. */
char *cap_today(const char *name, int64_t at_ms);

/* An hour before the test began: so the same file always has the same bytes.
 */
int64_t cap_today_ms(void);

/* Writes it, as of that hour, into the fixture's folder. The path is good until
 * the next call. */
const char *cap_today_file(const struct publisher_fixture *publisher,
                           const char *name);

#endif
