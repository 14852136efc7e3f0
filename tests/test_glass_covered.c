/* «Shown» is the truth: whatever becomes of the display's window on a real X
 * server, a receipt is told only for what stands in the root window's pixels,
 * and it is told once the glass is covered again. Skipped without Xvfb. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <cmocka.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "display/edge/render/window.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"
#include "tests/support/x_desktop.h"

enum { WIDTH = 1024, HEIGHT = 600 };

static int set_up(void **state)
{
    static struct x_desktop desktop;

    *state = &desktop;
    return x_desktop_open(&desktop, WIDTH, HEIGHT) ? 0 : -1;
}

static int tear_down(void **state)
{
    x_desktop_close(*state);
    return 0;
}

static void check_true(struct x_desktop *desktop)
{
    assert_int_equal(witness_untrue(desktop->witness), 0);
}

/* A new alert is told as shown, and is to be seen then and afterwards. */
static void check_shown(struct x_desktop *desktop, enum witness_level level)
{
    char id[32];

    assert_true(x_desktop_raise(desktop, level, id));
    assert_true(witness_wait(desktop->witness, RECEIPT_SHOWN, id));
    check_true(desktop);
    assert_true(witness_sees(desktop->witness, level));
}

/* A new alert is taken in, and the screen draws it, but does not tell it as
 * shown: what was published behind it was verified in a later turn. */
static void check_untold(struct x_desktop *desktop, enum witness_level level,
                         char id[32])
{
    char behind[32];

    assert_true(x_desktop_raise(desktop, level, id));
    assert_true(witness_wait(desktop->witness, RECEIPT_VERIFIED, id));
    assert_true(x_desktop_push(desktop, behind));
    assert_true(witness_wait(desktop->witness, RECEIPT_VERIFIED, behind));
    assert_true(witness_wait_state(desktop->witness, "\"glass\":", true));
    assert_int_equal(witness_count(desktop->witness, RECEIPT_SHOWN, id), 0);
}

static void check_told(struct x_desktop *desktop, const char *id)
{
    assert_true(witness_wait(desktop->witness, RECEIPT_SHOWN, id));
    check_true(desktop);
    assert_true(witness_wait_state(desktop->witness, "\"glass\":", false));
}

static void start_full_screen(struct x_desktop *desktop)
{
    assert_true(x_desktop_start(desktop, NULL));
    check_shown(desktop, WITNESS_ORANGE);
}

static void without_a_window_manager_all_of_the_screen_is_covered(void **state)
{
    struct x_desktop *desktop = *state;

    start_full_screen(desktop);
    assert_int_equal(screen_count_log(desktop->screen, "1024x600 on x11"), 1);
    check_shown(desktop, WITNESS_RED);
}

static void with_a_window_manager_all_of_the_screen_is_covered(void **state)
{
    struct x_desktop *desktop = *state;

    assert_true(x_desktop_manage(desktop));
    start_full_screen(desktop);
    check_shown(desktop, WITNESS_RED);
}

static void check_resize(struct x_desktop *desktop)
{
    assert_true(x_desktop_resize(desktop, 800, 480));
    check_shown(desktop, WITNESS_RED);
    assert_true(x_desktop_resize(desktop, WIDTH, HEIGHT));
    assert_true(witness_wait_sees(desktop->witness, WITNESS_RED));
    assert_true(witness_wait_state(desktop->witness, "\"glass\":", false));
    check_true(desktop);
}

static void a_resized_screen_is_followed_without_a_window_manager(void **state)
{
    start_full_screen(*state);
    check_resize(*state);
}

static void a_resized_screen_is_followed_with_a_window_manager(void **state)
{
    assert_true(x_desktop_manage(*state));
    start_full_screen(*state);
    check_resize(*state);
}

static void the_window_manager_may_die_and_come_back(void **state)
{
    struct x_desktop *desktop = *state;

    assert_true(x_desktop_manage(desktop));
    start_full_screen(desktop);
    x_desktop_kill_manager(desktop);
    check_shown(desktop, WITNESS_RED);
    assert_true(x_desktop_manage(desktop));
    assert_true(witness_wait_sees(desktop->witness, WITNESS_RED));
    x_desktop_kill_manager(desktop);
    assert_true(x_desktop_resize(desktop, 800, 480));
    assert_true(witness_wait_sees(desktop->witness, WITNESS_RED));
    check_true(desktop);
}

static void check_comes_back(struct x_desktop *desktop)
{
    XSync(desktop->x, False);
    check_shown(desktop, WITNESS_RED);
    assert_true(witness_wait_state(desktop->witness, "\"glass\":", false));
}

static void a_window_that_is_moved_away_comes_back(void **state)
{
    struct x_desktop *desktop = *state;

    start_full_screen(desktop);
    XMoveWindow(desktop->x, x_desktop_window(desktop), 3000, 0);
    check_comes_back(desktop);
}

static void a_window_that_is_made_small_grows_again(void **state)
{
    struct x_desktop *desktop = *state;

    start_full_screen(desktop);
    XResizeWindow(desktop->x, x_desktop_window(desktop), 1, 1);
    check_comes_back(desktop);
}

static void a_window_that_is_unmapped_comes_back(void **state)
{
    struct x_desktop *desktop = *state;

    start_full_screen(desktop);
    XUnmapWindow(desktop->x, x_desktop_window(desktop));
    check_comes_back(desktop);
}

static void a_minimised_window_comes_back(void **state)
{
    struct x_desktop *desktop = *state;

    assert_true(x_desktop_manage(desktop));
    start_full_screen(desktop);
    XIconifyWindow(desktop->x, x_desktop_window(desktop),
                   DefaultScreen(desktop->x));
    assert_true(x_desktop_await_manager(desktop));
    check_comes_back(desktop);
}

static void a_managed_window_that_is_moved_away_comes_back(void **state)
{
    struct x_desktop *desktop = *state;

    assert_true(x_desktop_manage(desktop));
    start_full_screen(desktop);
    XMoveResizeWindow(desktop->x, x_desktop_window(desktop), 900, 500, 300,
                      200);
    assert_true(x_desktop_await_manager(desktop));
    check_comes_back(desktop);
}

static void a_destroyed_window_is_made_anew(void **state)
{
    struct x_desktop *desktop = *state;

    start_full_screen(desktop);
    XDestroyWindow(desktop->x, x_desktop_window(desktop));
    check_comes_back(desktop);
}

/* It would hold up every map and move for ever. */
static void a_hung_window_manager_is_done_without(void **state)
{
    struct x_desktop *desktop = *state;

    assert_true(x_desktop_manage(desktop));
    start_full_screen(desktop);
    kill(desktop->manager, SIGSTOP);
    XUnmapWindow(desktop->x, x_desktop_window(desktop));
    check_comes_back(desktop);
}

/* A window that does not let itself be covered. */
struct overlay {
    Display *x;
    Window window;
    pthread_t thread;
};

static void *stay_on_top(void *context)
{
    struct overlay *overlay = context;
    XEvent event;

    for (;;) {
        XNextEvent(overlay->x, &event);
        if (event.type == DestroyNotify)
            return NULL;
        if (event.type == VisibilityNotify &&
            event.xvisibility.state != VisibilityUnobscured)
            XRaiseWindow(overlay->x, overlay->window);
    }
}

static void put_on_top(struct x_desktop *desktop, struct overlay *overlay,
                       int x, int y, unsigned width, unsigned height)
{
    XSetWindowAttributes attributes = {.override_redirect = True,
                                       .background_pixel = 0x3366CC,
                                       .event_mask = VisibilityChangeMask |
                                                     StructureNotifyMask};

    overlay->x = XOpenDisplay(xvfb_name(desktop->xvfb));
    assert_non_null(overlay->x);
    overlay->window = XCreateWindow(
        overlay->x, DefaultRootWindow(overlay->x), x, y, width, height, 0,
        CopyFromParent, InputOutput, CopyFromParent,
        CWOverrideRedirect | CWBackPixel | CWEventMask, &attributes);
    XMapRaised(overlay->x, overlay->window);
    XSync(overlay->x, False);
    assert_int_equal(
        pthread_create(&overlay->thread, NULL, stay_on_top, overlay), 0);
}

static void take_off(struct x_desktop *desktop, struct overlay *overlay)
{
    XDestroyWindow(desktop->x, overlay->window);
    XSync(desktop->x, False);
    pthread_join(overlay->thread, NULL);
    XCloseDisplay(overlay->x);
}

static void check_overlay(struct x_desktop *desktop, int x, int y,
                          unsigned width, unsigned height)
{
    struct overlay overlay;
    char id[32];

    put_on_top(desktop, &overlay, x, y, width, height);
    check_untold(desktop, WITNESS_RED, id);
    assert_true(witness_wait_state(desktop->witness,
                                   "another window lies on top", true));
    take_off(desktop, &overlay);
    check_told(desktop, id);
}

static void what_lies_under_another_window_is_not_shown(void **state)
{
    start_full_screen(*state);
    check_overlay(*state, 0, 0, WIDTH, HEIGHT);
}

static void what_lies_under_it_in_part_is_not_shown(void **state)
{
    start_full_screen(*state);
    check_overlay(*state, WIDTH / 2 - 50, HEIGHT / 2 - 50, 60, 60);
}

/* The window is as large as the screen, so that the root window tells. */
static void start_windowed(struct x_desktop *desktop)
{
    assert_true(x_desktop_start(desktop, "1024x600"));
    check_shown(desktop, WITNESS_ORANGE);
}

static void a_hidden_window_of_a_desktop_shows_nothing(void **state)
{
    struct x_desktop *desktop = *state;
    char id[32];

    start_windowed(desktop);
    Window window = x_desktop_window(desktop);
    XUnmapWindow(desktop->x, window);
    XSync(desktop->x, False);
    check_untold(desktop, WITNESS_RED, id);
    XMapWindow(desktop->x, window);
    XSync(desktop->x, False);
    check_told(desktop, id);
}

static void a_window_partly_off_the_screen_is_not_shown(void **state)
{
    struct x_desktop *desktop = *state;
    char id[32];

    start_windowed(desktop);
    Window window = x_desktop_window(desktop);
    XMoveWindow(desktop->x, window, 200, 0);
    XSync(desktop->x, False);
    check_untold(desktop, WITNESS_RED, id);
    assert_true(
        witness_wait_state(desktop->witness, "824x600 of 1024x600", true));
    XMoveWindow(desktop->x, window, 0, 0);
    XSync(desktop->x, False);
    check_told(desktop, id);
}

static unsigned long root_pixel(struct x_desktop *desktop, int x, int y)
{
    XImage *image = XGetImage(desktop->x, DefaultRootWindow(desktop->x), x, y,
                              1, 1, AllPlanes, ZPixmap);

    assert_non_null(image);
    unsigned long pixel = XGetPixel(image, 0, 0) & 0xFFFFFF;
    XDestroyImage(image);
    return pixel;
}

/* The X server itself fills what is new, before the display can draw it. */
static void a_window_that_grows_has_the_ground_of_its_page_at_once(void **state)
{
    struct x_desktop *desktop = *state;
    char id[32];

    assert_true(x_desktop_start(desktop, "400x300"));
    assert_true(x_desktop_raise(desktop, WITNESS_ORANGE, id));
    assert_true(witness_wait(desktop->witness, RECEIPT_VERIFIED, id));
    assert_true(screen_wait(desktop->screen, "shown", id, 1));
    XMoveResizeWindow(desktop->x, x_desktop_window(desktop), 0, 0, WIDTH,
                      HEIGHT);
    XSync(desktop->x, False);
    assert_int_equal(root_pixel(desktop, WIDTH - 1, HEIGHT - 1), 0xFFA500);
    assert_int_equal(root_pixel(desktop, WIDTH - 1, 0), 0xFFA500);
    assert_true(witness_wait_sees(desktop->witness, WITNESS_ORANGE));
}

static void the_page_that_ends_an_alert_is_no_alert(void **state)
{
    struct x_desktop *desktop = *state;
    char id[32], text[64];

    assert_true(x_desktop_start(desktop, NULL));
    assert_true(x_desktop_raise(desktop, WITNESS_ORANGE, id));
    assert_true(witness_wait(desktop->witness, RECEIPT_SHOWN, id));
    assert_true(x_desktop_cancel(desktop, id));
    snprintf(text, sizeof text, "\"showing\":\"clear/%s\"", id);
    assert_true(witness_wait_state(desktop->witness, text, true));
    check_true(desktop);
}

/* Where the window stands on the screen. */
static void find_corner(struct x_desktop *desktop, int *x, int *y)
{
    Window child;

    XTranslateCoordinates(desktop->x, x_desktop_window(desktop),
                          DefaultRootWindow(desktop->x), 0, 0, x, y, &child);
}

static void present_marks(struct window *window, uint32_t colour, size_t count)
{
    enum { SIDE = 320 };
    static uint32_t pixels[SIDE * SIDE];
    const struct renderer_pixels picture = {pixels, SIDE, SIDE, SIDE * 4};
    struct rect damage[2 * RENDERER_FRAME_MAX];

    for (size_t i = 0; i < count; i++) {
        damage[i] = (struct rect){(int)(i % 20) * 16, (int)(i / 20) * 16, 1, 1};
        pixels[damage[i].y * SIDE + damage[i].x] = colour;
    }
    assert_true(window_present(window, &picture, damage, count));
}

static void every_damaged_rectangle_comes_to_the_glass(void **state)
{
    struct x_desktop *desktop = *state;
    const struct window_options options = {
        .width_px = 320, .height_px = 320, .title = "告示"};
    const size_t counts[] = {RENDERER_DAMAGE_MAX, RENDERER_FRAME_MAX,
                             2 * RENDERER_FRAME_MAX};
    struct problem problem = {0};
    struct window *window = NULL;
    int left, top;

    assert_true(window_create(&options, &window, &problem));
    find_corner(desktop, &left, &top);
    for (int i = 0; i < 3; i++) {
        uint32_t colour = 0x445566 + (uint32_t)i;
        present_marks(window, colour, counts[i]);
        for (int n = 0; n < (int)counts[i]; n++)
            assert_int_equal(
                root_pixel(desktop, left + n % 20 * 16, top + n / 20 * 16),
                colour);
    }
    window_destroy(window);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_a_window_manager_all_of_the_screen_is_covered),
        TEST(with_a_window_manager_all_of_the_screen_is_covered),
        TEST(a_resized_screen_is_followed_without_a_window_manager),
        TEST(a_resized_screen_is_followed_with_a_window_manager),
        TEST(the_window_manager_may_die_and_come_back),
        TEST(a_window_that_is_moved_away_comes_back),
        TEST(a_window_that_is_made_small_grows_again),
        TEST(a_window_that_is_unmapped_comes_back),
        TEST(a_minimised_window_comes_back),
        TEST(a_managed_window_that_is_moved_away_comes_back),
        TEST(a_destroyed_window_is_made_anew),
        TEST(a_hung_window_manager_is_done_without),
        TEST(what_lies_under_another_window_is_not_shown),
        TEST(what_lies_under_it_in_part_is_not_shown),
        TEST(a_hidden_window_of_a_desktop_shows_nothing),
        TEST(a_window_partly_off_the_screen_is_not_shown),
        TEST(a_window_that_grows_has_the_ground_of_its_page_at_once),
        TEST(the_page_that_ends_an_alert_is_no_alert),
        TEST(every_damaged_rectangle_comes_to_the_glass),
    };

    if (!xvfb_is_installed()) {
        puts("skipped: there is no Xvfb here");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
