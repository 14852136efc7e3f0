/* A rehearsal in a real window: keys are pressed and the pixels are looked at
 * by another X client. Skipped where there is no Xvfb. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/keysym.h>
#include <cmocka.h>
#include <signal.h>

#include "source_dir.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"
#include "tests/support/program.h"
#include "tests/support/x_keys.h"
#include "tests/support/xvfb.h"

enum {
    SCREEN_WIDTH = 1024,
    SCREEN_HEIGHT = 768,
    WIDTH = 800,
    HEIGHT = 450,
    /* Colours of view.c and of the theme night. */
    PAUSE_GROUND = 0xB06000,
    PROBLEM_GROUND = 0x8C1010,
    KEYS_GROUND = 0x202830,
    BOX_TEXT = 0x35C0FF,
    CHANGE = 0xFFD000,
    WARNING = 0xFF4040,
};

struct fixture {
    struct xvfb *xvfb;
    Display *x;
    char *folder, *log, *out;
    pid_t pid;
};

static int set_up(void **state)
{
    static struct fixture fixture;

    fixture = (struct fixture){.folder = folder_make()};
    *state = &fixture;
    fixture.xvfb = xvfb_start(SCREEN_WIDTH, SCREEN_HEIGHT);
    fixture.x = fixture.xvfb ? XOpenDisplay(xvfb_name(fixture.xvfb)) : NULL;
    fixture.log = folder_path(fixture.folder, "log");
    fixture.out = folder_path(fixture.folder, "out");
    return fixture.x && fixture.log ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    if (fixture->pid > 0) {
        kill(fixture->pid, SIGKILL);
        process_wait(fixture->pid);
    }
    if (fixture->x)
        XCloseDisplay(fixture->x);
    xvfb_destroy(fixture->xvfb);
    folder_remove(fixture->folder);
    free(fixture->folder);
    free(fixture->log);
    free(fixture->out);
    return 0;
}

static void write_panel(const struct fixture *fixture, const char *name,
                        const char *title)
{
    char text[1024];

    snprintf(text, sizeof text,
             "{\"gaoshi\": 1, \"kind\": \"panel\", \"id\": \"a\", \"panel\": "
             "{\"template\": \"notice\", \"section\": \"warmth\", \"title\": "
             "\"%s\", \"body\": \"放学时段请绕行。\"}}\n",
             title);
    assert_true(folder_write(fixture->folder, name, text));
}

/* words: what follows «rehearse». What it prints goes to a file. */
static void start(struct fixture *fixture, const char *const *words)
{
    const char *all[PROCESS_WORDS_MAX] = {
        "sh",      "-c",         "out=$1; shift; exec \"$@\" >\"$out\"",
        "sh",      fixture->out, program_path("gaoshi-display"),
        "rehearse"};

    for (int i = 0; words[i]; i++)
        all[7 + i] = words[i];
    fixture->pid = process_start(all, fixture->log, -1);
    assert_true(fixture->pid > 0);
}

static Window find_window(struct fixture *fixture)
{
    Window root = DefaultRootWindow(fixture->x), parent, *children = NULL;
    Window found = None;
    unsigned count = 0;

    XQueryTree(fixture->x, root, &root, &parent, &children, &count);
    for (unsigned i = 0; i < count; i++) {
        XWindowAttributes attributes;
        if (XGetWindowAttributes(fixture->x, children[i], &attributes) &&
            attributes.map_state == IsViewable && attributes.width > 100)
            found = children[i];
    }
    if (children)
        XFree(children);
    return found;
}

/* The share of the screen's pixels, of a million, that has this colour. */
static int share_of(struct fixture *fixture, uint32_t colour)
{
    long same = 0;

    for (int y = 0; y < SCREEN_HEIGHT; y++)
        for (int x = 0; x < SCREEN_WIDTH; x++)
            same += xvfb_pixel(fixture->xvfb, x, y) == colour;
    return (int)(same * 1000000 / (SCREEN_WIDTH * SCREEN_HEIGHT));
}

/* What is waited for: a colour that covers at least, or at most, so much. */
struct wanted {
    struct fixture *fixture;
    uint32_t colour;
    int least, most;
    const char *text;
    int width, height;
};

static bool has_colour(void *context)
{
    const struct wanted *wanted = context;
    int share = share_of(wanted->fixture, wanted->colour);

    return share >= wanted->least && share <= wanted->most;
}

static void await_colour(struct fixture *fixture, uint32_t colour, int least)
{
    struct wanted wanted = {
        .fixture = fixture, .colour = colour, .least = least, .most = 1000000};

    if (!process_wait_until(has_colour, &wanted))
        fail_msg("colour %06x: %d, expected %d at least", colour,
                 share_of(fixture, colour), least);
}

static void await_no_colour(struct fixture *fixture, uint32_t colour)
{
    struct wanted wanted = {.fixture = fixture, .colour = colour};

    if (!process_wait_until(has_colour, &wanted))
        fail_msg("colour %06x: %d, expected none", colour,
                 share_of(fixture, colour));
}

static bool has_title(void *context)
{
    const struct wanted *wanted = context;
    Window window = find_window(wanted->fixture);
    Display *x = wanted->fixture->x;
    Atom type, name = XInternAtom(x, "_NET_WM_NAME", False);
    int format;
    unsigned long count, left;
    unsigned char *value = NULL;
    bool has = false;

    if (window == None)
        return false;
    XGetWindowProperty(x, window, name, 0, 200, False, AnyPropertyType, &type,
                       &format, &count, &left, &value);
    if (value) {
        has = strstr((const char *)value, wanted->text) != NULL;
        XFree(value);
    }
    return has;
}

static void await_title(struct fixture *fixture, const char *text)
{
    struct wanted wanted = {.fixture = fixture, .text = text};

    if (!process_wait_until(has_title, &wanted))
        fail_msg("the title never said «%s»", text);
}

static bool has_line(void *context)
{
    const struct wanted *wanted = context;
    char *out = folder_read(wanted->fixture->folder, "out");
    bool has = out && strstr(out, wanted->text) && strchr(out, '\n');

    free(out);
    return has;
}

static bool has_size(void *context)
{
    const struct wanted *wanted = context;
    Window window = find_window(wanted->fixture);
    XWindowAttributes now;

    return window != None &&
           XGetWindowAttributes(wanted->fixture->x, window, &now) &&
           now.width == wanted->width && now.height == wanted->height;
}

static void await_size(struct fixture *fixture, int width, int height)
{
    struct wanted wanted = {
        .fixture = fixture, .width = width, .height = height};

    assert_true(process_wait_until(has_size, &wanted));
}

static void press(struct fixture *fixture, KeySym key, bool shift)
{
    Window window = find_window(fixture);

    assert_true(window != None);
    x_press(fixture->x, window, key, shift);
}

static void end(struct fixture *fixture)
{
    press(fixture, XK_Escape, false);
    assert_int_equal(process_wait(fixture->pid), 0);
    fixture->pid = 0;
}

static void start_drafts(struct fixture *fixture)
{
    const char *const words[] = {fixture->folder,
                                 "--size",
                                 "800x450",
                                 "--motion",
                                 "none",
                                 "--height-mm",
                                 "450",
                                 "--viewing-distance",
                                 "8",
                                 "--start",
                                 "2026-11-30T10:00:00+08:00",
                                 NULL};

    write_panel(fixture, "a.json", "护学岗");
    start(fixture, words);
    await_title(fixture, "800x450");
    await_size(fixture, WIDTH, HEIGHT);
    await_colour(fixture, 0xF4F1EA, 100); /* the panel's text */
}

static void the_keys_are_shown_and_hidden(void **state)
{
    static const KeySym keys[] = {XK_h, XK_F1, XK_question};
    struct fixture *fixture = *state;

    start_drafts(fixture);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        press(fixture, keys[i], keys[i] == XK_question);
        await_colour(fixture, KEYS_GROUND, 100000);
        press(fixture, keys[i], keys[i] == XK_question);
        await_no_colour(fixture, CHANGE); /* the names of the keys */
    }
    end(fixture);
}

static void a_pause_is_marked_on_the_glass_and_in_the_title(void **state)
{
    struct fixture *fixture = *state;

    start_drafts(fixture);
    press(fixture, XK_space, false);
    await_colour(fixture, PAUSE_GROUND, 2000);
    await_title(fixture, "PAUSED");
    press(fixture, XK_space, false);
    await_no_colour(fixture, PAUSE_GROUND);
    press(fixture, XK_period, false);
    await_colour(fixture, PAUSE_GROUND, 2000);
    press(fixture, XK_space, false);
    press(fixture, XK_Up, false);
    await_title(fixture, "×2 ");
    press(fixture, XK_Down, false);
    press(fixture, XK_Down, false);
    await_title(fixture, "×0.5 ");
    end(fixture);
}

static void each_level_has_a_drill_by_its_key(void **state)
{
    static const struct {
        KeySym key;
        uint32_t ground;
    } rows[] = {
        {XK_1, 0xB00000}, {XK_2, 0xFFA500}, {XK_3, 0xFFD800}, {XK_4, 0x0B3FA8}};
    struct fixture *fixture = *state;

    start_drafts(fixture);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        press(fixture, rows[i].key, false);
        await_colour(fixture, rows[i].ground, 40000);
        press(fixture, rows[i].key, false);
        await_no_colour(fixture, rows[i].ground);
    }
    end(fixture);
}

static void shapes_themes_rotations_and_times_change_by_key(void **state)
{
    struct fixture *fixture = *state;

    start_drafts(fixture);
    press(fixture, XK_s, false);
    await_title(fixture, "1920x1080");
    press(fixture, XK_s, false);
    await_title(fixture, "1080x1920");
    press(fixture, XK_s, true);
    press(fixture, XK_s, true);
    await_title(fixture, "800x450");
    press(fixture, XK_r, false);
    await_title(fixture, "90°");
    press(fixture, XK_r, true);
    await_title(fixture, " 0°");
    press(fixture, XK_t, false);
    await_title(fixture, "contrast.ini");
    press(fixture, XK_t, false);
    await_title(fixture, "day.ini");
    press(fixture, XK_g, false);
    press(fixture, XK_1, false);
    press(fixture, XK_8, false);
    press(fixture, XK_3, false);
    press(fixture, XK_0, false);
    press(fixture, XK_Return, false);
    await_title(fixture, "2026-11-30 18:30");
    press(fixture, XK_Page_Up, false);
    await_title(fixture, "2026-11-30 17:30");
    press(fixture, XK_Page_Down, true);
    await_title(fixture, "2026-12-01 17:30");
    press(fixture, XK_Home, false);
    await_title(fixture, "2026-11-30 10:00");
    end(fixture);
}

static void boxes_changes_times_and_small_texts_lie_over_the_glass(void **state)
{
    struct fixture *fixture = *state;

    start_drafts(fixture);
    press(fixture, XK_b, false);
    await_colour(fixture, BOX_TEXT, 500);
    press(fixture, XK_b, false);
    await_no_colour(fixture, BOX_TEXT);
    press(fixture, XK_m, false);
    await_colour(fixture, CHANGE, 500);
    press(fixture, XK_m, false);
    await_no_colour(fixture, CHANGE);
    press(fixture, XK_w, false);
    await_colour(fixture, WARNING, 500); /* the clock is smaller */
    press(fixture, XK_w, false);
    await_no_colour(fixture, WARNING);
    press(fixture, XK_i, false);
    await_colour(fixture, KEYS_GROUND, 10000);
    press(fixture, XK_i, false);
    await_no_colour(fixture, KEYS_GROUND);
    end(fixture);
}

static void a_broken_draft_is_told_in_the_window_with_its_line(void **state)
{
    struct fixture *fixture = *state;

    start_drafts(fixture);
    assert_true(folder_write(fixture->folder, "a.json",
                             "{\"gaoshi\": 1,\n\"kind\": \"panel\",\n\"id\" "
                             "\"a\"}\n"));
    await_colour(fixture, PROBLEM_GROUND, 5000);
    await_colour(fixture, 0xF4F1EA, 100); /* the last good version */
    char *log = folder_read(fixture->folder, "log");
    assert_non_null(strstr(log, "a.json:3:"));
    free(log);
    write_panel(fixture, "a.json", "护学岗");
    await_no_colour(fixture, PROBLEM_GROUND);
    end(fixture);
}

static void
a_window_is_resized_and_fills_the_screen_and_comes_back(void **state)
{
    struct fixture *fixture = *state;

    start_drafts(fixture);
    XResizeWindow(fixture->x, find_window(fixture), 640, 600);
    XSync(fixture->x, False);
    await_size(fixture, 640, 600);
    await_colour(fixture, 0x101418, 100000); /* above and below the glass */
    press(fixture, XK_f, false);
    await_size(fixture, SCREEN_WIDTH, SCREEN_HEIGHT);
    await_colour(fixture, 0xF4F1EA, 100);
    press(fixture, XK_f, false);
    await_size(fixture, WIDTH, HEIGHT);
    end(fixture);
}

static char *read_hash(const char *text)
{
    const char *frames = strstr(text, ": ");

    assert_non_null(frames);
    return strdup(frames);
}

static char *replay_headless(struct fixture *fixture, const char *const *words)
{
    struct program_result result;

    assert_true(program_run(&result, fixture->folder, "gaoshi-display", words));
    assert_int_equal(result.code, 0);
    char *hash = read_hash(result.out);
    program_result_finish(&result);
    return hash;
}

static void a_replay_has_the_same_frames_in_a_window_three_times(void **state)
{
    struct fixture *fixture = *state;
    char *session = folder_path(fixture->folder, "a.session");
    const char *const record[] = {"rehearse",
                                  GAOSHI_SOURCE_DIR "/data/samples",
                                  "--headless",
                                  "480x270",
                                  "--seconds",
                                  "12",
                                  "--dwell",
                                  "2000",
                                  "--start",
                                  "2026-11-30T10:00:00+08:00",
                                  "--record-session",
                                  session,
                                  NULL};
    const char *const again[] = {"rehearse",   "--replay", session,
                                 "--headless", "480x270",  NULL};
    const char *const words[] = {"--replay", session, "--speed", "8", NULL};
    struct wanted line = {.fixture = fixture, .text = "hash"};

    free(replay_headless(fixture, record));
    char *offscreen = replay_headless(fixture, again);
    for (int i = 0; i < 3; i++) {
        start(fixture, words);
        assert_true(process_wait_until(has_line, &line));
        char *out = folder_read(fixture->folder, "out");
        char *hash = read_hash(out);
        assert_string_equal(hash, offscreen);
        free(hash);
        free(out);
        end(fixture);
        assert_true(folder_write(fixture->folder, "out", ""));
    }
    free(offscreen);
    free(session);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_keys_are_shown_and_hidden),
        TEST(a_pause_is_marked_on_the_glass_and_in_the_title),
        TEST(each_level_has_a_drill_by_its_key),
        TEST(shapes_themes_rotations_and_times_change_by_key),
        TEST(boxes_changes_times_and_small_texts_lie_over_the_glass),
        TEST(a_broken_draft_is_told_in_the_window_with_its_line),
        TEST(a_window_is_resized_and_fills_the_screen_and_comes_back),
        TEST(a_replay_has_the_same_frames_in_a_window_three_times),
    };

    if (!xvfb_is_installed()) {
        puts("skipped: there is no Xvfb here");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
