/* The display as a client of the compositors that boards run: weston and sway,
 * in a window of an X server as large as its screen. So the root window's
 * pixels are what the compositor puts on its output; they are compared with
 * what the display recorded. At the end the kernel's virtual card, where there
 * is one. */
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
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/bench_fixture.h"
#include "tests/support/broker.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"
#include "tests/support/x_desktop.h"

enum { WIDTH = 1024, HEIGHT = 600, NOBODY = 65534, STANDS_STILL_MS = 1000 };

struct fixture {
    struct x_desktop desktop;
    char *run; /* the runtime folder of compositor and display */
    pid_t compositor;
    bool rotated; /* its output, by 90 degrees */
};

static void require(const char *program)
{
    char command[64];

    snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1", program);
    if (system(command) == 0)
        return;
    printf("not run: there is no %s here\n", program);
    skip();
}

static int set_up(void **state)
{
    static struct fixture fixture;

    *state = &fixture;
    fixture = (struct fixture){0};
    if (!x_desktop_open(&fixture.desktop, WIDTH, HEIGHT))
        return -1;
    fixture.desktop.still = true;
    fixture.run = folder_path(fixture.desktop.folder, "run");
    if (!fixture.run || mkdir(fixture.run, 0700) != 0)
        return -1;
    setenv("XDG_RUNTIME_DIR", fixture.run, 1);
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    if (fixture->desktop.screen)
        screen_kill(fixture->desktop.screen, SIGKILL);
    fixture->desktop.screen = NULL;
    if (fixture->compositor > 0)
        process_stop(fixture->compositor);
    x_desktop_close(&fixture->desktop);
    free(fixture->run);
    return 0;
}

static bool has_file(void *context)
{
    return access(context, F_OK) == 0;
}

/* Displays are its clients from now on. */
static void await_socket(const struct fixture *fixture, const char *name)
{
    char *socket = folder_path(fixture->run, name);

    assert_true(process_wait_until(has_file, socket));
    free(socket);
    setenv("WAYLAND_DISPLAY", name, 1);
    unsetenv("DISPLAY");
}

static void start_weston(struct fixture *fixture, const char *shell,
                         const char *output, bool xwayland)
{
    char shell_word[64], config_word[512], config[256];
    const char *const words[] = {"weston",
                                 "--backend=x11-backend.so",
                                 "--use-pixman",
                                 shell_word,
                                 "--socket=wl",
                                 config_word,
                                 "--idle-time=0",
                                 xwayland ? "--xwayland" : NULL,
                                 NULL};
    char *log = folder_path(fixture->desktop.folder, "weston.log");

    require("weston");
    snprintf(shell_word, sizeof shell_word, "--shell=%s", shell);
    /* Its fade-in at the start would dim what the display shows. */
    snprintf(config, sizeof config,
             "[shell]\nstartup-animation=none\n[output]\nname=X1\n%s", output);
    assert_true(folder_write(fixture->desktop.folder, "weston.ini", config));
    snprintf(config_word, sizeof config_word, "--config=%s/weston.ini",
             fixture->desktop.folder);
    fixture->compositor = process_start(words, log, -1);
    free(log);
    await_socket(fixture, "wl");
}

static const char sway_config[] = "xwayland disable\n"
                                  "default_border none\n"
                                  "output * mode 1024x600\n";

/* sway refuses to run as root, so it runs as nobody then. */
static void give_away(const struct fixture *fixture)
{
    assert_int_equal(chown(fixture->run, NOBODY, NOBODY), 0);
    assert_int_equal(chmod(fixture->desktop.folder, 0711), 0);
}

static void start_sway(struct fixture *fixture)
{
    char *config = folder_path(fixture->run, "sway.conf");
    char *log = folder_path(fixture->desktop.folder, "sway.log");
    char *socket = folder_path(fixture->run, "ipc");
    const char *const words[] = {"setpriv",       "--reuid=65534",
                                 "--regid=65534", "--clear-groups",
                                 "sway",          "-c",
                                 config,          NULL};

    require("sway");
    if (geteuid() == 0)
        give_away(fixture);
    /* It knows only atoms that another client has made before. */
    XInternAtom(fixture->desktop.x, "WM_PROTOCOLS", False);
    XInternAtom(fixture->desktop.x, "WM_DELETE_WINDOW", False);
    XSync(fixture->desktop.x, False);
    assert_true(folder_write(fixture->run, "sway.conf", sway_config));
    assert_int_equal(chmod(config, 0644), 0);
    setenv("WLR_BACKENDS", "x11", 1);
    setenv("WLR_RENDERER", "pixman", 1);
    setenv("SWAYSOCK", socket, 1);
    fixture->compositor = process_start(geteuid() == 0 ? words : words + 4, log,
                                        -1);
    assert_true(process_wait_until(has_file, socket));
    free(socket);
    free(config);
    free(log);
    await_socket(fixture, "wayland-1");
}

static void tell_sway(const char *command)
{
    const char *const words[] = {"swaymsg", "-q", command, NULL};

    assert_int_equal(process_wait(process_start(words, NULL, -1)), 0);
}

/* SDL leaks its Wayland window in libraries that it unloads, so that no
 * suppression can name them. */
static void start_display(struct fixture *fixture)
{
    setenv("LSAN_OPTIONS", "detect_leaks=0", 1);
    assert_true(x_desktop_start(&fixture->desktop, NULL));
    unsetenv("LSAN_OPTIONS");
}

static void stop_display(struct fixture *fixture)
{
    int status = screen_stop(fixture->desktop.screen);

    fixture->desktop.screen = NULL;
    assert_int_equal(status, 0);
}

/* A picture that was rotated by 90 degrees as it was before. */
static uint32_t *rotate_back(const uint32_t *pixels, int width, int height)
{
    uint32_t *out = malloc((size_t)width * (size_t)height * 4);

    assert_non_null(out);
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++)
            out[x * height + (height - 1 - y)] = pixels[y * width + x];
    }
    return out;
}

/* Whether the compositor has on its output what was recorded of the message. */
static bool shows_recorded(const struct fixture *fixture, const char *id)
{
    Display *x = fixture->desktop.x;
    Window root = DefaultRootWindow(x), same;
    unsigned width, height, border, depth;
    int left, top;

    XGetGeometry(x, root, &same, &left, &top, &width, &height, &border, &depth);
    XImage *image = XGetImage(x, root, 0, 0, width, height, AllPlanes, ZPixmap);
    assert_non_null(image);
    assert_int_equal(image->bytes_per_line, width * 4);
    uint32_t *rotated = rotate_back((uint32_t *)(void *)image->data, (int)width,
                                    (int)height);
    bool has = fixture->rotated
                   ? screen_has_recorded(fixture->desktop.folder, id, rotated,
                                         (int)height, (int)width)
                   : screen_has_recorded(fixture->desktop.folder, id,
                                         (uint32_t *)(void *)image->data,
                                         (int)width, (int)height);
    XDestroyImage(image);
    free(rotated);
    return has;
}

/* Whether all told so far was true, and «shown» is told of the alert. */
static void check_told(struct fixture *fixture, const char *id)
{
    struct witness *witness = fixture->desktop.witness;

    assert_true(witness_wait(witness, RECEIPT_SHOWN, id));
    assert_int_equal(witness_untrue(witness), 0);
    assert_true(witness_wait_state(witness, "\"glass\":", false));
}

static void check_shown(struct fixture *fixture, enum witness_level level,
                        char id[32])
{
    assert_true(x_desktop_raise(&fixture->desktop, level, id));
    check_told(fixture, id);
    assert_true(witness_sees(fixture->desktop.witness, level));
}

static bool shows_red(void *context)
{
    const struct fixture *fixture = context;

    return shows_recorded(fixture, "red-");
}

/* The compositor's picture is the recorded one, to the last pixel. */
static void check_from_start(struct fixture *fixture, const char *found)
{
    char id[32];

    start_display(fixture);
    check_shown(fixture, WITNESS_ORANGE, id);
    assert_true(shows_recorded(fixture, id));
    assert_int_equal(screen_count_log(fixture->desktop.screen, found), 1);
    check_shown(fixture, WITNESS_RED, id);
    assert_true(process_wait_until(shows_red, fixture));
}

static void a_shell_that_gives_the_size_is_covered(void **state)
{
    start_weston(*state, "kiosk-shell.so", "mode=1024x600\n", false);
    check_from_start(*state, "1024x600 on wayland");
    stop_display(*state);
}

/* Its first word is 0x0: the program is to choose. */
static void a_shell_that_leaves_the_size_open_is_covered(void **state)
{
    start_weston(*state, "desktop-shell.so", "mode=1024x600\n", false);
    check_from_start(*state, "1024x600 on wayland");
    stop_display(*state);
}

static void an_output_of_twice_the_scale_is_covered(void **state)
{
    start_weston(*state, "kiosk-shell.so", "mode=512x300\nscale=2\n", false);
    check_from_start(*state, "1024x600 on wayland");
    stop_display(*state);
}

static void an_output_that_is_rotated_is_covered(void **state)
{
    struct fixture *fixture = *state;

    start_weston(fixture, "kiosk-shell.so",
                 "mode=1024x600\ntransform=rotate-90\n", false);
    fixture->rotated = true;
    check_from_start(fixture, "600x1024 on wayland");
    stop_display(*state);
}

/* The number of the X server that weston starts for its clients. */
static bool read_xwayland(void *context)
{
    const struct fixture *fixture = context;
    char *log = folder_read(fixture->desktop.folder, "weston.log");
    const char *told = log ? strstr(log, "listening on display :") : NULL;
    char name[16];

    if (told) {
        snprintf(name, sizeof name, ":%d", atoi(strchr(told, ':') + 1));
        setenv("DISPLAY", name, 1);
    }
    free(log);
    return told != NULL;
}

static void through_xwayland_the_output_is_covered(void **state)
{
    struct fixture *fixture = *state;

    require("Xwayland");
    start_weston(fixture, "kiosk-shell.so", "mode=1024x600\n", true);
    assert_true(process_wait_until(read_xwayland, fixture));
    check_from_start(fixture, "1024x600 on x11");
    stop_display(fixture);
}

/* The alert that stands comes back by itself, in the new size, and what is told
 * as shown afterwards is so. */
static void check_follows(struct fixture *fixture)
{
    struct witness *witness = fixture->desktop.witness;
    char id[32];

    assert_true(witness_wait_sees(witness, WITNESS_RED));
    assert_true(witness_wait_state(witness, "\"glass\":", false));
    assert_int_equal(witness_untrue(witness), 0);
    check_shown(fixture, WITNESS_RED, id);
    assert_true(process_wait_until(shows_red, fixture));
}

static void a_changed_mode_is_followed(void **state)
{
    struct fixture *fixture = *state;

    start_sway(fixture);
    check_from_start(fixture, "1024x600 on wayland");
    assert_true(x_desktop_resize(&fixture->desktop, 800, 480));
    tell_sway("output * mode 800x480");
    check_follows(fixture);
    assert_true(x_desktop_resize(&fixture->desktop, WIDTH, HEIGHT));
    tell_sway("output * mode 1024x600");
    check_follows(fixture);
    assert_int_equal(screen_count_log(fixture->desktop.screen, "covered again"),
                     0);
    stop_display(fixture);
}

static void a_changed_scale_and_rotation_are_followed(void **state)
{
    struct fixture *fixture = *state;

    start_sway(fixture);
    check_from_start(fixture, "1024x600 on wayland");
    tell_sway("output * scale 2");
    check_follows(fixture);
    tell_sway("output * transform 270");
    fixture->rotated = true;
    check_follows(fixture);
    tell_sway("output * transform normal");
    fixture->rotated = false;
    check_follows(fixture);
    tell_sway("output * scale 1");
    check_follows(fixture);
    stop_display(fixture);
}

/* As when a cable is pulled: the compositor's window is closed. */
static void remove_output(const struct fixture *fixture)
{
    Display *x = fixture->desktop.x;
    Window root = DefaultRootWindow(x), same, parent, *children = NULL;
    unsigned count = 0;

    assert_true(XQueryTree(x, root, &same, &parent, &children, &count));
    for (unsigned i = 0; i < count; i++) {
        XEvent event = {
            .xclient = {
                .type = ClientMessage,
                .window = children[i],
                .message_type = XInternAtom(x, "WM_PROTOCOLS", False),
                .format = 32,
            }};
        event.xclient.data.l[0] = (long)XInternAtom(x, "WM_DELETE_WINDOW",
                                                    False);
        XSendEvent(x, children[i], False, NoEventMask, &event);
    }
    if (children)
        XFree(children);
    XSync(x, False);
}

static void an_output_that_is_removed_and_added_shows_again(void **state)
{
    struct fixture *fixture = *state;
    struct witness *witness = fixture->desktop.witness;
    char id[32], behind[32];

    start_sway(fixture);
    check_from_start(fixture, "1024x600 on wayland");
    for (int i = 0; i < 2; i++) {
        remove_output(fixture);
        assert_true(witness_wait_state(witness, "no output is on", true));
        assert_true(x_desktop_raise(&fixture->desktop, WITNESS_RED, id));
        assert_true(witness_wait(witness, RECEIPT_VERIFIED, id));
        assert_true(x_desktop_push(&fixture->desktop, behind));
        assert_true(witness_wait(witness, RECEIPT_VERIFIED, behind));
        assert_int_equal(witness_count(witness, RECEIPT_SHOWN, id), 0);
        tell_sway("create_output");
        check_told(fixture, id);
        check_follows(fixture);
    }
    stop_display(fixture);
}

/* Besides the witness, which looks at the picture first. */
static bool is_told_shown(struct peer *peer, const char *id)
{
    size_t count = peer_messages(peer);

    for (size_t i = 0; i < count; i++) {
        const struct peer_message *message = peer_wait_message(peer, i);
        struct receipt receipt;
        if (strstr(message->topic, "/receipt") &&
            receipt_parse(message->payload, message->bytes, &receipt) &&
            receipt.event == RECEIPT_SHOWN && strcmp(receipt.message, id) == 0)
            return true;
    }
    return false;
}

/* The compositor has drawn the alert, but its output stands still. */
static void what_is_drawn_but_not_on_the_output_is_not_told(void **state)
{
    struct fixture *fixture = *state;
    pid_t output = xvfb_pid(fixture->desktop.xvfb);
    char id[32];

    start_sway(fixture);
    check_from_start(fixture, "1024x600 on wayland");
    assert_int_equal(kill(output, SIGSTOP), 0);
    bool raised = x_desktop_raise(&fixture->desktop, WITNESS_RED, id) &&
                  witness_wait(fixture->desktop.witness, RECEIPT_VERIFIED, id);
    bench_pause(STANDS_STILL_MS);
    bool told = is_told_shown(fixture->desktop.peer, id);
    assert_int_equal(kill(output, SIGCONT), 0);
    assert_true(raised);
    assert_false(told);
    check_follows(fixture);
    stop_display(fixture);
}

/* The number of vkms's card; -1: it is not loaded. */
static int find_vkms(void)
{
    char path[64];

    for (int i = 0; i < 16; i++) {
        snprintf(path, sizeof path, "/sys/devices/platform/vkms/drm/card%d", i);
        if (access(path, F_OK) == 0)
            return i;
    }
    return -1;
}

/* Nobody but the card sees the glass: «shown» is told when the frame was put,
 * and the size is that of the mode. */
static void the_virtual_card_of_the_kernel_is_covered(void **state)
{
    struct fixture *fixture = *state;
    struct x_desktop *desktop = &fixture->desktop;
    int card = find_vkms();
    char index[16], id[32];

    if (card < 0) {
        puts(access("/dev/dri", F_OK) == 0 ? "not run: no vkms in /dev/dri"
                                           : "not run: no /dev/dri");
        skip();
    }
    snprintf(index, sizeof index, "%d", card);
    setenv("SDL_KMSDRM_DEVICE_INDEX", index, 1);
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    start_display(fixture);
    assert_true(x_desktop_push(desktop, id));
    assert_true(witness_wait(desktop->witness, RECEIPT_SHOWN, id));
    assert_int_equal(screen_count_log(desktop->screen, " on KMSDRM"), 1);
    assert_true(witness_wait_state(desktop->witness, "\"glass\":", false));
    stop_display(fixture);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_shell_that_gives_the_size_is_covered),
        TEST(a_shell_that_leaves_the_size_open_is_covered),
        TEST(an_output_of_twice_the_scale_is_covered),
        TEST(an_output_that_is_rotated_is_covered),
        TEST(through_xwayland_the_output_is_covered),
        TEST(a_changed_mode_is_followed),
        TEST(a_changed_scale_and_rotation_are_followed),
        TEST(an_output_that_is_removed_and_added_shows_again),
        TEST(what_is_drawn_but_not_on_the_output_is_not_told),
        TEST(the_virtual_card_of_the_kernel_is_covered),
    };

    if (!xvfb_is_installed()) {
        puts("skipped: there is no Xvfb here");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
