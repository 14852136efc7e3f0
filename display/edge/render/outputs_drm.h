/* The outputs of a graphics card that no display server holds: off in the dark
 * hours of the glass, and on again. */
#ifndef GAOSHI_DISPLAY_OUTPUTS_DRM_H
#define GAOSHI_DISPLAY_OUTPUTS_DRM_H

#include <stdbool.h>

/* ioctl(2), or what a test puts in its place. */
typedef int outputs_drm_control(int fd, unsigned long request, void *argument);
outputs_drm_control outputs_drm_ask; /* the kernel */

/* Switches every connected output of the card off by DPMS, or on again. fd: of
 * the card, for whoever may set its modes. Modes are not read anew, which would
 * take half a second. How many outputs took it; 0: the driver knows no DPMS, or
 * nothing is connected. */
int outputs_drm_set_lit(int fd, outputs_drm_control *control, bool lit);

#endif
