/* An X server without a screen for tests: its own number, its pixels readable
 * in memory, so that looking at them costs the server nothing. */
#ifndef GAOSHI_TESTS_SUPPORT_XVFB_H
#define GAOSHI_TESTS_SUPPORT_XVFB_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct xvfb;

/* Starts it with one screen of this size, waits until it accepts clients and
 * sets DISPLAY for the programs that are started afterwards. NULL: failed. */
struct xvfb *xvfb_start(int width_px, int height_px);
void xvfb_destroy(struct xvfb *xvfb); /* NULL: nothing */

const char *xvfb_name(const struct xvfb *xvfb); /* ":7" */
pid_t xvfb_pid(const struct xvfb *xvfb);

/* One pixel of the screen as it stands now: 0xRRGGBB. */
uint32_t xvfb_pixel(const struct xvfb *xvfb, int x, int y);

/* Copies width × height pixels as they stand now. */
void xvfb_copy(const struct xvfb *xvfb, uint32_t *out);

/* False where there is no Xvfb to start. */
bool xvfb_is_installed(void);

#endif
