/* Sends events of keys to a window. */
#include "tests/support/x_keys.h"

#include <X11/Xutil.h>
#include <X11/keysym.h>

/* Each event has a time of its own: of two presses at the same one, SDL takes
 * the second for a key that is held down. */
static void send(Display *x, Window window, KeySym key, int type)
{
    static Time time;

    time += 1000;
    XKeyEvent event = {
        .type = type,
        .display = x,
        .window = window,
        .root = DefaultRootWindow(x),
        .time = time,
        .same_screen = True,
        .keycode = XKeysymToKeycode(x, key),
    };

    XSendEvent(x, window, True,
               type == KeyPress ? KeyPressMask : KeyReleaseMask,
               (XEvent *)&event);
}

void x_press(Display *x, Window window, KeySym key, bool shift)
{
    if (shift)
        send(x, window, XK_Shift_L, KeyPress);
    send(x, window, key, KeyPress);
    send(x, window, key, KeyRelease);
    if (shift)
        send(x, window, XK_Shift_L, KeyRelease);
    XSync(x, False);
}
