/* A display on an X server with everything around it that can cover, move or
 * lose its window: a window manager, other windows, another screen size. */
#ifndef GAOSHI_TESTS_SUPPORT_X_DESKTOP_H
#define GAOSHI_TESTS_SUPPORT_X_DESKTOP_H

#include "tests/support/screen.h"
#include "tests/support/signer.h"
#include "tests/support/witness.h"
#include "tests/support/xvfb.h"

struct broker;

/* Zeroed is empty. */
struct x_desktop {
    char *folder;
    struct xvfb *xvfb;
    Display *x;
    struct broker *broker;
    struct signer *signer;
    struct peer *peer;
    struct witness *witness;
    struct screen *screen; /* NULL: none runs */
    bool still;            /* displays are started without motion */
    pid_t manager;         /* openbox; 0: none runs */
    long answers;          /* of the window manager that were asked for */
    int64_t seq;           /* of the message before */
};

/* X server, broker, operator and witness. Close also after a failure. */
bool x_desktop_open(struct x_desktop *desktop, int width, int height);
void x_desktop_close(struct x_desktop *desktop);

/* Starts the display; size NULL: full screen. */
bool x_desktop_start(struct x_desktop *desktop, const char *size);

/* Starts openbox and waits until it manages the windows; waits until it has
 * done what it was asked for before; kills it and waits until the X server
 * knows that. */
bool x_desktop_manage(struct x_desktop *desktop);
bool x_desktop_await_manager(struct x_desktop *desktop);
void x_desktop_kill_manager(struct x_desktop *desktop);

/* By xrandr, as an administrator does it; not larger than at the start. */
bool x_desktop_resize(struct x_desktop *desktop, int width, int height);

/* Publishes an alert of the level, id LEVEL-N, or a cancel of it, or a panel:
 * the number is chosen. out: its id. */
bool x_desktop_raise(struct x_desktop *desktop, enum witness_level level,
                     char out[32]);
bool x_desktop_cancel(struct x_desktop *desktop, const char *id);
bool x_desktop_push(struct x_desktop *desktop, char out[32]);

/* The display's window, found by its name wherever it is; None: there is
 * none. */
Window x_desktop_window(struct x_desktop *desktop);

#endif
