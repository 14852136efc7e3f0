/* Stands between programs and an X server without outputs, such as Xvfb, and
 * plays the extension DPMS that it lacks: what is asked of the outputs is
 * noted, everything else goes through. */
#ifndef GAOSHI_TESTS_SUPPORT_DPMS_H
#define GAOSHI_TESTS_SUPPORT_DPMS_H

#include <stdbool.h>

struct dpms;

/* In front of the server that DISPLAY names; sets DISPLAY for programs that are
 * started afterwards. NULL: failed. */
struct dpms *dpms_start(void);
void dpms_destroy(struct dpms *dpms); /* NULL: nothing */

/* Waits until the outputs were switched off (or on) so many times. */
bool dpms_wait(struct dpms *dpms, bool off, int times);
int dpms_count(const struct dpms *dpms, bool off);
/* Whether they are off now. */
bool dpms_is_off(const struct dpms *dpms);

#endif
