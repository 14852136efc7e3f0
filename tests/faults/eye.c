/* Looks at the X server's own pixels, a few hundred times a second. */
#include "tests/faults/eye.h"

#include <X11/Xlib.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/bench_fixture.h"

enum {
    GRID = 24,
    LOOK_MS = 3,
    NOBODY = 0x2A5C7F, /* the server's ground, that no theme has */
    ALERT_GROUND = 0xFFA500,
    FORGED_GROUND = 0xB00000,
    SIDE_X = 3, /* an alert's ground reaches both sides of the glass */
    SIDE_MARKS = 16,
};

struct eye {
    struct xvfb *xvfb;
    Display *x;
    pthread_t thread;
    bool threaded;

    pthread_mutex_t lock; /* guards everything below */
    bool ending, awake, stood;
    struct eye_counts counts;
};

static uint32_t grid_pixel(const struct eye *eye, int i)
{
    int x = (EYE_WIDTH - 1) * (i % GRID) / (GRID - 1);
    int y = (EYE_HEIGHT - 1) * (i / GRID) / (GRID - 1);

    return xvfb_pixel(eye->xvfb, x, y);
}

static bool is_uniform(const struct eye *eye)
{
    uint32_t first = grid_pixel(eye, 0);

    for (int i = 1; i < GRID * GRID; i++) {
        if (grid_pixel(eye, i) != first)
            return false;
    }
    return true;
}

/* On either side: one mark is enough to have seen it. */
static int count_marks(const struct eye *eye, uint32_t ground)
{
    int marks = 0;

    for (int i = 0; i < SIDE_MARKS; i++) {
        int x = i % 2 ? EYE_WIDTH - 1 - SIDE_X : SIDE_X;
        int y = (EYE_HEIGHT - 1) * i / (SIDE_MARKS - 1);
        marks += xvfb_pixel(eye->xvfb, x, y) == ground;
    }
    return marks;
}

enum sight eye_look(struct eye *eye)
{
    if (grid_pixel(eye, 0) == NOBODY && is_uniform(eye))
        return SIGHT_NOTHING;
    if (count_marks(eye, FORGED_GROUND) > 0)
        return SIGHT_FORGED;
    if (count_marks(eye, ALERT_GROUND) == SIDE_MARKS)
        return SIGHT_ALERT;
    return is_uniform(eye) ? SIGHT_BLACK : SIGHT_OTHER;
}

static void count_look(struct eye *eye)
{
    enum sight sight = eye_look(eye);

    pthread_mutex_lock(&eye->lock);
    eye->stood |= sight == SIGHT_ALERT || sight == SIGHT_OTHER;
    if (eye->awake && (sight != SIGHT_BLACK || eye->stood))
        eye->counts.looks[sight]++;
    pthread_mutex_unlock(&eye->lock);
}

static void *keep_looking(void *context)
{
    struct eye *eye = context;
    bool ending = false;

    while (!ending) {
        count_look(eye);
        bench_pause(LOOK_MS);
        pthread_mutex_lock(&eye->lock);
        ending = eye->ending;
        pthread_mutex_unlock(&eye->lock);
    }
    return NULL;
}

/* So that a dead display is told from a black one. */
static bool paint_ground(struct eye *eye)
{
    eye->x = XOpenDisplay(xvfb_name(eye->xvfb));
    if (!eye->x)
        return false;
    XSetWindowBackground(eye->x, DefaultRootWindow(eye->x), NOBODY);
    XClearWindow(eye->x, DefaultRootWindow(eye->x));
    XSync(eye->x, False);
    return true;
}

struct eye *eye_open(void)
{
    struct eye *eye = calloc(1, sizeof *eye);

    if (!eye)
        return NULL;
    pthread_mutex_init(&eye->lock, NULL);
    eye->xvfb = xvfb_start(EYE_WIDTH, EYE_HEIGHT);
    if (eye->xvfb && paint_ground(eye))
        eye->threaded = pthread_create(&eye->thread, NULL, keep_looking, eye) ==
                        0;
    if (eye->threaded)
        return eye;
    eye_close(eye);
    return NULL;
}

void eye_close(struct eye *eye)
{
    if (!eye)
        return;
    pthread_mutex_lock(&eye->lock);
    eye->ending = true;
    pthread_mutex_unlock(&eye->lock);
    if (eye->threaded)
        pthread_join(eye->thread, NULL);
    if (eye->x)
        XCloseDisplay(eye->x);
    xvfb_destroy(eye->xvfb);
    pthread_mutex_destroy(&eye->lock);
    free(eye);
}

static void set_awake(struct eye *eye, bool awake)
{
    pthread_mutex_lock(&eye->lock);
    eye->awake = awake;
    eye->stood = false;
    pthread_mutex_unlock(&eye->lock);
}

void eye_wake(struct eye *eye)
{
    set_awake(eye, true);
}

void eye_sleep(struct eye *eye)
{
    set_awake(eye, false);
}

struct eye_counts eye_counts(struct eye *eye)
{
    pthread_mutex_lock(&eye->lock);
    struct eye_counts counts = eye->counts;
    pthread_mutex_unlock(&eye->lock);
    return counts;
}

uint32_t *eye_picture(struct eye *eye)
{
    uint32_t *picture = malloc(sizeof *picture * EYE_WIDTH * EYE_HEIGHT);

    if (picture)
        xvfb_copy(eye->xvfb, picture);
    return picture;
}

bool eye_sees_rows(struct eye *eye, const uint32_t *picture, int rows)
{
    for (int i = 0; i < EYE_WIDTH * rows; i++) {
        if (xvfb_pixel(eye->xvfb, i % EYE_WIDTH, i / EYE_WIDTH) != picture[i])
            return false;
    }
    return true;
}

bool eye_sees(struct eye *eye, const uint32_t *picture)
{
    return eye_sees_rows(eye, picture, EYE_HEIGHT);
}

struct wanted {
    struct eye *eye;
    const uint32_t *picture;
};

static bool has_come(void *context)
{
    const struct wanted *wanted = context;

    return eye_sees(wanted->eye, wanted->picture);
}

double eye_wait(struct eye *eye, const uint32_t *picture, double from_ms,
                double limit_ms)
{
    struct wanted wanted = {eye, picture};
    double seen_ms = bench_watch(has_come, &wanted, limit_ms);

    return seen_ms < 0 ? -1 : seen_ms - from_ms;
}
