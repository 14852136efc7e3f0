/* Puts the parts together that a display on an X server has around it. */
#include "tests/support/x_desktop.h"

#include "tests/support/broker.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"

#include <X11/Xatom.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool x_desktop_open(struct x_desktop *desktop, int width, int height)
{
    *desktop = (struct x_desktop){.folder = folder_make()};
    desktop->xvfb = desktop->folder ? xvfb_start(width, height) : NULL;
    desktop->x = desktop->xvfb ? XOpenDisplay(xvfb_name(desktop->xvfb)) : NULL;
    desktop->broker = desktop->x ? broker_start(NULL) : NULL;
    desktop->signer = signer_create(desktop->folder, "operator");
    desktop->peer = desktop->broker
                        ? peer_connect(broker_url(desktop->broker), "operator")
                        : NULL;
    desktop->witness = desktop->peer ? witness_create(xvfb_name(desktop->xvfb),
                                                      desktop->peer)
                                     : NULL;
    return desktop->signer && desktop->witness;
}

void x_desktop_close(struct x_desktop *desktop)
{
    if (desktop->screen)
        screen_kill(desktop->screen, SIGKILL);
    x_desktop_kill_manager(desktop);
    witness_destroy(desktop->witness);
    if (desktop->x)
        XCloseDisplay(desktop->x);
    xvfb_destroy(desktop->xvfb);
    peer_destroy(desktop->peer);
    signer_destroy(desktop->signer);
    broker_destroy(desktop->broker);
    folder_remove(desktop->folder);
    free(desktop->folder);
    *desktop = (struct x_desktop){0};
}

bool x_desktop_start(struct x_desktop *desktop, const char *size)
{
    struct screen_options options = {
        .folder = desktop->folder,
        .broker = broker_url(desktop->broker),
        .trust = signer_file(desktop->signer),
        .mode = size ? "--windowed" : "--fullscreen",
        .size = size,
    };

    char *config = folder_path(desktop->folder, "still.conf");

    if (desktop->still && folder_write(desktop->folder, "still.conf",
                                       "[glass]\nmotion = none\n")) {
        options.extra[0] = "--config";
        options.extra[1] = config;
    }
    desktop->screen = screen_start(&options);
    free(config);
    return desktop->screen != NULL;
}

/* A number that a window manager writes on the root window; -1: none does. */
static long read_number(struct x_desktop *desktop, Atom name)
{
    Atom type = None;
    int format = 0;
    unsigned long count = 0, left;
    unsigned char *value = NULL;
    long number = -1;

    XGetWindowProperty(desktop->x, DefaultRootWindow(desktop->x), name, 0, 1,
                       False, XA_CARDINAL, &type, &format, &count, &left,
                       &value);
    if (value && format == 32 && count == 1)
        memcpy(&number, value, sizeof number);
    if (value)
        XFree(value);
    return number;
}

static bool is_managed(void *context)
{
    struct x_desktop *desktop = context;
    XWindowAttributes root;

    return XGetWindowAttributes(desktop->x, DefaultRootWindow(desktop->x),
                                &root) &&
           (root.all_event_masks & SubstructureRedirectMask);
}

static bool is_unmanaged(void *context)
{
    return !is_managed(context);
}

struct answer {
    struct x_desktop *desktop;
    Atom name;
    long number;
};

/* Asks anew while it has not: one that just starts hears nothing yet. */
static bool has_answered(void *context)
{
    const struct answer *answer = context;
    struct x_desktop *desktop = answer->desktop;
    Window root = DefaultRootWindow(desktop->x);
    XEvent event = {.xclient = {.type = ClientMessage,
                                .window = root,
                                .message_type = answer->name,
                                .format = 32,
                                .data.l = {answer->number}}};

    if (read_number(desktop, answer->name) == answer->number)
        return true;
    XSendEvent(desktop->x, root, False,
               SubstructureNotifyMask | SubstructureRedirectMask, &event);
    XSync(desktop->x, False);
    return false;
}

/* Asks for another number of desktops: when that stands there, everything
 * before it was done, because requests come in order. */
bool x_desktop_await_manager(struct x_desktop *desktop)
{
    struct answer answer = {
        .desktop = desktop,
        .name = XInternAtom(desktop->x, "_NET_NUMBER_OF_DESKTOPS", False),
        .number = 5 + desktop->answers++,
    };

    return process_wait_until(has_answered, &answer);
}

bool x_desktop_manage(struct x_desktop *desktop)
{
    const char *const words[] = {"openbox", "--sm-disable", NULL};

    desktop->manager = process_start(words, "/dev/null", -1);
    return desktop->manager > 0 && process_wait_until(is_managed, desktop) &&
           x_desktop_await_manager(desktop);
}

void x_desktop_kill_manager(struct x_desktop *desktop)
{
    if (desktop->manager <= 0)
        return;
    kill(desktop->manager, SIGKILL);
    process_wait(desktop->manager);
    desktop->manager = 0;
    process_wait_until(is_unmanaged, desktop);
}

static bool run_xrandr(const struct x_desktop *desktop,
                       const char *const *words)
{
    const char *all[PROCESS_WORDS_MAX] = {"xrandr", "--display",
                                          xvfb_name(desktop->xvfb)};

    for (int i = 0; words[i]; i++)
        all[3 + i] = words[i];
    return process_wait(process_start(all, "/dev/null", -1)) == 0;
}

/* Xvfb knows only the size that it was started with, until it is told of
 * another one; that fails the second time, which does no harm. */
bool x_desktop_resize(struct x_desktop *desktop, int width, int height)
{
    char mode[32], columns[16], lines[16];

    snprintf(mode, sizeof mode, "%dx%d", width, height);
    snprintf(columns, sizeof columns, "%d", width);
    snprintf(lines, sizeof lines, "%d", height);
    const char *const make[] = {"--newmode", mode,    "30",    columns,
                                columns,     columns, columns, lines,
                                lines,       lines,   lines,   NULL};
    const char *const add[] = {"--addmode", "screen", mode, NULL};
    const char *const use[] = {"--output", "screen", "--mode", mode, NULL};

    run_xrandr(desktop, make);
    run_xrandr(desktop, add);
    return run_xrandr(desktop, use);
}

static bool publish(struct x_desktop *desktop, const char *kind, const char *id,
                    const char *content)
{
    const struct signer_message message = {.kind = kind,
                                           .id = id,
                                           .seq = ++desktop->seq,
                                           .content = content,
                                           .expires_in_s = 3600};

    return signer_publish(desktop->signer, desktop->peer, &message);
}

bool x_desktop_raise(struct x_desktop *desktop, enum witness_level level,
                     char out[32])
{
    const char *name = witness_level_names[level];
    char content[512];

    snprintf(out, 32, "%s-%d", name, (int)desktop->seq + 1);
    snprintf(content, sizeof content,
             "{\"status\": \"exercise\", \"type\": \"alert\", \"level\": "
             "\"%s\", \"urgency\": \"immediate\", \"certainty\": \"likely\", "
             "\"event\": \"暴雨\", \"headline\": \"演练：暴雨预警\", "
             "\"instruction\": \"停止外出，离开低洼处\", \"area\": \"全区\", "
             "\"sender\": \"演练：应急值班室\"}",
             name);
    return publish(desktop, "alert", out, content);
}

bool x_desktop_cancel(struct x_desktop *desktop, const char *id)
{
    return publish(desktop, "alert-cancel", id, signer_drill_cancel);
}

bool x_desktop_push(struct x_desktop *desktop, char out[32])
{
    snprintf(out, 32, "panel-%d", (int)desktop->seq + 1);
    return publish(desktop, "panel", out, signer_figure);
}

static bool is_ours(struct x_desktop *desktop, Window window)
{
    const char name[] = "告示";
    Atom type = None;
    int format;
    unsigned long count = 0, left;
    unsigned char *value = NULL;

    XGetWindowProperty(
        desktop->x, window, XInternAtom(desktop->x, "_NET_WM_NAME", False), 0,
        16, False, AnyPropertyType, &type, &format, &count, &left, &value);
    bool ours = value && count == strlen(name) &&
                memcmp(value, name, count) == 0;
    if (value)
        XFree(value);
    return ours;
}

static Window find_below(struct x_desktop *desktop, Window window, int depth)
{
    Window root, parent, *children = NULL, found = None;
    unsigned count = 0;

    if (is_ours(desktop, window))
        return window;
    if (depth == 0 ||
        !XQueryTree(desktop->x, window, &root, &parent, &children, &count))
        return None;
    for (unsigned i = 0; i < count && found == None; i++)
        found = find_below(desktop, children[i], depth - 1);
    if (children)
        XFree(children);
    return found;
}

Window x_desktop_window(struct x_desktop *desktop)
{
    return find_below(desktop, DefaultRootWindow(desktop->x), 3);
}
