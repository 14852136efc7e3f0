/* PNG files of frames, by libpng. */
#ifndef GAOSHI_DISPLAY_PICTURE_H
#define GAOSHI_DISPLAY_PICTURE_H

#include "display/edge/renderer.h"
#include "protocol/problem.h"

/* Written beside the name and renamed into place. */
bool picture_write(const char *file, const struct renderer_pixels *pixels,
                   struct problem *problem);

#endif
