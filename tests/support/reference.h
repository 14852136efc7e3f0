/* Draw lists that are kept as text in tests/layouts. */
#ifndef GAOSHI_TESTS_SUPPORT_REFERENCE_H
#define GAOSHI_TESTS_SUPPORT_REFERENCE_H

#include "display/core/draw/draw_list.h"

/* Fails the running test when the lists, the first of so many pages, are not
 * those of tests/layouts/NAME.txt. update: they are written there first. */
void reference_compare(const char *name, const struct draw_list *lists,
                       size_t count, size_t pages, bool update);

#endif
