/* Pictures that were judged by eye once and must not change unnoticed. */
#ifndef GAOSHI_TESTS_SUPPORT_GOLDEN_H
#define GAOSHI_TESTS_SUPPORT_GOLDEN_H

#include "display/edge/render/renderer.h"

/* How many pixels differ from the reference. On a difference the frame is
 * written beside it as NAME_err.png. A reference that is missing, or of
 * another size, differs in every pixel. With GAOSHI_GOLDEN=write in the
 * environment the reference is written instead, and 0 returned. */
long golden_compare(const char *reference, const struct renderer_pixels *frame);

#endif
