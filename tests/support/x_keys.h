/* Presses keys in a window from outside, as another X client. */
#ifndef GAOSHI_TESTS_SUPPORT_X_KEYS_H
#define GAOSHI_TESTS_SUPPORT_X_KEYS_H

#include <X11/Xlib.h>
#include <stdbool.h>

/* The key goes down and up. shift: the Shift key is held down meanwhile. */
void x_press(Display *x, Window window, KeySym key, bool shift);

#endif
