/* A real window on a real X server: what the display presents is looked at
 * from outside, by another X client. Skipped where there is no Xvfb. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/keysym.h>
#include <cmocka.h>

#include "tests/support/broker.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"
#include "tests/support/screen.h"
#include "tests/support/share.h"
#include "tests/support/signer.h"
#include "tests/support/vitals.h"
#include "tests/support/x_keys.h"
#include "tests/support/xvfb.h"

enum { WIDTH = 800, HEIGHT = 450 };

struct publisher_fixture {
    struct xvfb *xvfb;
    Display *x;
    struct broker *broker;
    struct peer *peer;
    struct signer *signer;
    char *folder;
};

static int set_up(void **state)
{
    static struct publisher_fixture publisher;

    publisher = (struct publisher_fixture){.folder = folder_make()};
    *state = &publisher;
    publisher.xvfb = xvfb_start(1024, 600);
    publisher.x = publisher.xvfb ? XOpenDisplay(xvfb_name(publisher.xvfb))
                                 : NULL;
    if (!publisher.folder || !publisher.x)
        return -1;
    publisher.broker = broker_start(NULL);
    publisher.signer = signer_create(publisher.folder, "operator");
    publisher.peer = publisher.broker
                         ? peer_connect(broker_url(publisher.broker),
                                        "operator")
                         : NULL;
    return publisher.signer && publisher.peer ? 0 : -1;
}

static int tear_down(void **state)
{
    struct publisher_fixture *publisher = *state;

    if (publisher->x)
        XCloseDisplay(publisher->x);
    xvfb_destroy(publisher->xvfb);
    peer_destroy(publisher->peer);
    signer_destroy(publisher->signer);
    broker_destroy(publisher->broker);
    folder_remove(publisher->folder);
    free(publisher->folder);
    return 0;
}

static struct screen *start(const struct publisher_fixture *publisher,
                            const char *flag, const char *value)
{
    const struct screen_options options = {
        .folder = publisher->folder,
        .broker = broker_url(publisher->broker),
        .trust = signer_file(publisher->signer),
        .mode = "--windowed",
        .size = "800x450",
        .extra = {flag, value},
    };
    struct screen *screen = screen_start(&options);

    assert_non_null(screen);
    return screen;
}

/* The display's window: the only one of its size below the root. */
static Window find_window(struct publisher_fixture *publisher, int width,
                          int height)
{
    Window root = DefaultRootWindow(publisher->x), parent, *children = NULL;
    Window found = None;
    unsigned count = 0;

    XQueryTree(publisher->x, root, &root, &parent, &children, &count);
    for (unsigned i = 0; i < count; i++) {
        XWindowAttributes attributes;
        if (XGetWindowAttributes(publisher->x, children[i], &attributes) &&
            attributes.map_state == IsViewable && attributes.width == width &&
            attributes.height == height)
            found = children[i];
    }
    if (children)
        XFree(children);
    return found;
}

static bool has_window(void *context)
{
    return find_window(context, WIDTH, HEIGHT) != None;
}

/* The line may be up before the window stands, and a window may be made anew.
 */
static Window wait_window(struct publisher_fixture *publisher)
{
    assert_true(process_wait_until(has_window, publisher));
    return find_window(publisher, WIDTH, HEIGHT);
}

/* Different colours among the window's pixels, at most 1000. */
static int count_colours(struct publisher_fixture *publisher, Window window)
{
    static unsigned long seen[1000];
    XWindowAttributes attributes;
    int count = 0;

    if (!XGetWindowAttributes(publisher->x, window, &attributes))
        return 0;
    XImage *image = XGetImage(publisher->x, window, 0, 0,
                              (unsigned)attributes.width,
                              (unsigned)attributes.height, AllPlanes, ZPixmap);
    for (int y = 0; image && y < attributes.height; y++) {
        for (int x = 0; x < attributes.width && count < 1000; x++) {
            unsigned long pixel = XGetPixel(image, x, y) & 0xFFFFFF;
            int i = 0;
            while (i < count && seen[i] != pixel)
                i++;
            if (i == count)
                seen[count++] = pixel;
        }
    }
    if (image)
        XDestroyImage(image);
    return count;
}

/* The part of the window's pixels that has this colour. */
static double share_of(struct publisher_fixture *publisher, Window window,
                       unsigned long colour)
{
    long same = 0;
    XImage *image = XGetImage(publisher->x, window, 0, 0, WIDTH, HEIGHT,
                              AllPlanes, ZPixmap);

    assert_non_null(image);
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++)
            same += (XGetPixel(image, x, y) & 0xFFFFFF) == colour;
    }
    XDestroyImage(image);
    return (double)same / (WIDTH * HEIGHT);
}

static void press(struct publisher_fixture *publisher, Window window,
                  KeySym key)
{
    x_press(publisher->x, window, key, false);
}

struct sized {
    struct publisher_fixture *publisher;
    int width, height;
};

static bool is_filled(void *context)
{
    struct sized *sized = context;
    Window window = find_window(sized->publisher, sized->width, sized->height);

    return window != None && count_colours(sized->publisher, window) > 10;
}

static void a_panel_stands_in_the_window(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct sized whole = {publisher, WIDTH, HEIGHT};
    struct screen *screen = start(publisher, NULL, NULL);
    const struct signer_message panel = {
        .kind = "panel", .id = "q01", .seq = 1, .content = signer_figure};

    assert_true(signer_publish(publisher->signer, publisher->peer, &panel));
    assert_true(screen_wait(screen, "shown", "q01", 1));
    /* What comes in at the page's entrance is not there at its beginning. */
    assert_true(process_wait_until(is_filled, &whole));
    assert_int_equal(screen_stop(screen), 0);
}

/* How many libraries a process has mapped. */
static int count_libraries(pid_t pid)
{
    char path[64], line[512], last[512] = "";
    int count = 0;

    snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        char name[512] = "";
        if (sscanf(line, "%*x-%*x %*s %*s %*s %*s %511[^\n]", name) != 1)
            continue;
        /* The parts of a library stand one after the other. */
        if (strstr(name, ".so") && strcmp(name, last) != 0)
            count++;
        strcpy(last, name);
    }
    fclose(file);
    return count;
}

/* Each library costs a start some ten pages of memory, each page some 20 µs on
 * a virtual machine. */
static void a_start_loads_and_touches_no_more_than_it_needs(void **state)
{
    /* Where the kernel has no large pages, the heap takes 1,000 pages more. */
    enum { LIBRARIES = 84, TOUCHED = 4200 };
    struct publisher_fixture *publisher = *state;
    struct sized whole = {publisher, WIDTH, HEIGHT};
    struct screen *screen = start(publisher, NULL, NULL);
    const struct signer_message panel = {
        .kind = "panel", .id = "q02", .seq = 1, .content = signer_figure};

    assert_true(signer_publish(publisher->signer, publisher->peer, &panel));
    assert_true(process_wait_until(is_filled, &whole));
    int libraries = count_libraries(screen_pid(screen));
    struct vitals vitals;
    assert_true(vitals_read(screen_pid(screen), &vitals));
    print_message("%d libraries, %ld pages touched\n", libraries,
                  vitals.touched);
    assert_in_range(libraries, 1, LIBRARIES);
    if (SANITIZED_SHARE == 1)
        assert_in_range(vitals.touched, 1, TOUCHED);
    assert_int_equal(screen_stop(screen), 0);
}

static void check_alert(struct publisher_fixture *publisher,
                        struct screen *screen)
{
    const unsigned long orange = 0xFFA500;
    const struct signer_message alert = {.kind = "alert",
                                         .id = "drill",
                                         .seq = 1,
                                         .content = signer_drill,
                                         .expires_in_s = 3600};

    assert_true(signer_publish(publisher->signer, publisher->peer, &alert));
    assert_true(screen_wait(screen, "shown", "drill", 1));
    assert_true(share_of(publisher, wait_window(publisher), orange) > 0.4);
    assert_int_equal(screen_stop(screen), 0);
}

static void an_alert_covers_the_window_in_its_colour(void **state)
{
    check_alert(*state, start(*state, NULL, NULL));
}

static void in_safe_mode_an_alert_covers_it_as_well(void **state)
{
    check_alert(*state, start(*state, "--safe", NULL));
}

static void a_resized_window_is_laid_out_anew(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct screen *screen = start(publisher, NULL, NULL);
    struct sized narrow = {publisher, 400, 500}; /* still within the screen */
    const struct signer_message panel = {
        .kind = "panel", .id = "q01", .seq = 1, .content = signer_figure};

    assert_true(signer_publish(publisher->signer, publisher->peer, &panel));
    assert_true(screen_wait(screen, "shown", "q01", 1));
    XResizeWindow(publisher->x, wait_window(publisher), 400, 500);
    XSync(publisher->x, False);
    assert_true(process_wait_until(is_filled, &narrow));
    assert_int_equal(screen_stop(screen), 0);
}

static void the_key_d_raises_a_drill_and_cancels_it(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct screen *screen = start(publisher, NULL, NULL);

    assert_true(screen_wait(screen, "line-up", "", 1));
    press(publisher, wait_window(publisher), XK_d);
    assert_true(screen_wait(screen, "shown", "drill-flood-orange", 1));
    press(publisher, wait_window(publisher), XK_d);
    assert_true(screen_wait(screen, "ended", "drill-flood-orange", 1));
    press(publisher, wait_window(publisher), XK_Escape);
    assert_int_equal(screen_wait_end(screen), 0);
}

static void no_key_does_anything_on_a_board_in_service(void **state)
{
    static const KeySym keys[] = {XK_space, XK_1, XK_d, XK_h, XK_F1,    XK_f,
                                  XK_s,     XK_t, XK_r, XK_q, XK_Escape};
    struct publisher_fixture *publisher = *state;
    const struct screen_options options = {
        .folder = publisher->folder,
        .broker = broker_url(publisher->broker),
        .trust = signer_file(publisher->signer),
        .mode = "--fullscreen",
    };
    const struct signer_message panel = {
        .kind = "panel", .id = "q01", .seq = 1, .content = signer_figure};
    struct screen *screen = screen_start(&options);

    assert_non_null(screen);
    assert_true(screen_wait(screen, "line-up", "", 1));
    Window window = find_window(publisher, 1024, 600);
    assert_true(window != None);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        press(publisher, window, keys[i]);
    /* It goes on as if nobody had touched a key. */
    assert_true(signer_publish(publisher->signer, publisher->peer, &panel));
    assert_true(screen_wait(screen, "shown", "q01", 1));
    assert_int_equal(screen_count(screen, "shown", "drill-flood-orange"), 0);
    assert_true(find_window(publisher, 1024, 600) == window);
    assert_int_equal(screen_stop(screen), 0);
}

static void it_ends_by_itself_after_its_seconds(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct screen *screen = start(publisher, "--seconds", "1");

    assert_int_equal(screen_wait_end(screen), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_panel_stands_in_the_window),
        TEST(a_start_loads_and_touches_no_more_than_it_needs),
        TEST(an_alert_covers_the_window_in_its_colour),
        TEST(in_safe_mode_an_alert_covers_it_as_well),
        TEST(a_resized_window_is_laid_out_anew),
        TEST(the_key_d_raises_a_drill_and_cancels_it),
        TEST(no_key_does_anything_on_a_board_in_service),
        TEST(it_ends_by_itself_after_its_seconds),
    };

    if (!xvfb_is_installed()) {
        puts("skipped: there is no Xvfb here");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
