/* Runs the display full screen on an X server for some minutes, does something
 * to its window in each, and compares what it tells with the root window.
 * usage: glass_watch [MINUTES] (default 6)
 * One line a minute; exit 1: a «shown» was not true, or never came. */
#include <X11/Xlib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/bench_fixture.h"
#include "tests/support/x_desktop.h"

enum { WIDTH = 1920, HEIGHT = 1080, MINUTE_MS = 60000, LOOK_MS = 50 };

struct trial {
    const char *name;
    void (*does)(struct x_desktop *desktop);
};

static void do_nothing(struct x_desktop *desktop)
{
    (void)desktop;
}

static void start_manager(struct x_desktop *desktop)
{
    x_desktop_manage(desktop);
}

static void shrink_screen(struct x_desktop *desktop)
{
    x_desktop_resize(desktop, 1280, 720);
}

static void grow_screen(struct x_desktop *desktop)
{
    x_desktop_resize(desktop, WIDTH, HEIGHT);
}

static void move_window(struct x_desktop *desktop)
{
    XMoveWindow(desktop->x, x_desktop_window(desktop), 1500, 900);
    XSync(desktop->x, False);
}

static void unmap_window(struct x_desktop *desktop)
{
    XUnmapWindow(desktop->x, x_desktop_window(desktop));
    XSync(desktop->x, False);
}

static const struct trial trials[] = {
    {"no window manager", do_nothing},
    {"openbox comes", start_manager},
    {"openbox is killed", x_desktop_kill_manager},
    {"the screen becomes 1280x720", shrink_screen},
    {"the screen becomes 1920x1080", grow_screen},
    {"the window is moved away", move_window},
    {"the window is unmapped", unmap_window},
};

enum { TRIALS = sizeof trials / sizeof trials[0] };

/* Whenever one of both levels stands on the whole of the root window. */
struct looks {
    long all, covered;
    double gap_ms, longest_gap_ms;
};

static void look(struct x_desktop *desktop, enum witness_level level,
                 struct looks *looks)
{
    double begin_ms = bench_now_ms();
    bool seen = witness_sees(desktop->witness, level);

    looks->all++;
    looks->covered += seen;
    bench_pause(LOOK_MS);
    looks->gap_ms = seen ? 0 : looks->gap_ms + bench_now_ms() - begin_ms;
    if (looks->gap_ms > looks->longest_gap_ms)
        looks->longest_gap_ms = looks->gap_ms;
}

/* The trial comes in the middle of the minute, an alert at its beginning and
 * another one together with the trial. False: a receipt did not come. */
static bool pass_minute(struct x_desktop *desktop, const struct trial *trial,
                        struct looks *looks)
{
    double begin_ms = bench_now_ms();
    char first[32], second[32];

    bool fine = x_desktop_raise(desktop, WITNESS_ORANGE, first) &&
                witness_wait(desktop->witness, RECEIPT_SHOWN, first);
    while (bench_now_ms() - begin_ms < MINUTE_MS / 2.0)
        look(desktop, WITNESS_ORANGE, looks);
    trial->does(desktop);
    fine = fine && x_desktop_raise(desktop, WITNESS_RED, second) &&
           witness_wait(desktop->witness, RECEIPT_SHOWN, second);
    while (bench_now_ms() - begin_ms < MINUTE_MS * 0.95)
        look(desktop, WITNESS_RED, looks);
    return x_desktop_cancel(desktop, first) &&
           x_desktop_cancel(desktop, second) &&
           witness_wait(desktop->witness, RECEIPT_ENDED, first) &&
           witness_wait(desktop->witness, RECEIPT_ENDED, second) && fine;
}

static bool watch(struct x_desktop *desktop, int minutes)
{
    bool fine = true;

    for (int i = 0; i < minutes; i++) {
        const struct trial *trial = &trials[i % TRIALS];
        struct looks looks = {0};
        bool told = pass_minute(desktop, trial, &looks);
        int untrue = witness_untrue(desktop->witness);
        printf("minute %d, %s: 2 alerts %s, %d untrue; %ld of %ld looks at the "
               "root window saw the alert, longest gap %.0f ms\n",
               i + 1, trial->name, told ? "told as shown" : "NOT ALL TOLD",
               untrue, looks.covered, looks.all, looks.longest_gap_ms);
        fflush(stdout);
        fine = fine && told && untrue == 0;
    }
    return fine;
}

int main(int argc, char **argv)
{
    struct x_desktop desktop;
    int minutes = argc > 1 ? atoi(argv[1]) : TRIALS;

    if (!xvfb_is_installed()) {
        puts("skipped: there is no Xvfb here");
        return 77;
    }
    bool fine = x_desktop_open(&desktop, WIDTH, HEIGHT) &&
                x_desktop_start(&desktop, NULL) && watch(&desktop, minutes);
    if (desktop.screen) {
        char *log = screen_log(desktop.screen);
        fprintf(stderr, "%s", log ? log : "");
        free(log);
    }
    x_desktop_close(&desktop);
    return fine ? EXIT_SUCCESS : EXIT_FAILURE;
}
