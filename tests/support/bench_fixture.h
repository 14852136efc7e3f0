/* The whole road in one place for benches: an X server, a broker, an operator
 * and a display in a window that shows his panels. */
#ifndef GAOSHI_TESTS_SUPPORT_BENCH_FIXTURE_H
#define GAOSHI_TESTS_SUPPORT_BENCH_FIXTURE_H

#include "tests/support/signer.h"
#include "tests/support/xvfb.h"

struct broker;

struct bench_options {
    int width, height;
    int dwell_ms;       /* 0: by the reading rule */
    int panel_count;    /* at most BENCH_PANELS */
    const char *ticker; /* NULL: none */
    /* Displays run under strace, which writes folder/trace: calls of all
     * threads, without times. What they take is not to be measured then. */
    bool traced;
};

enum { BENCH_PANELS = 4, BENCH_GRID = 48 };

/* Zeroed is empty. */
struct bench_fixture {
    struct bench_options options;
    struct xvfb *xvfb;
    struct broker *broker;
    struct signer *signer;
    struct peer *peer;
    char *folder;
    pid_t display;    /* 0: none runs */
    double start_ms;  /* from its start to the first pixels */
    size_t published; /* so many answers have to come */
    uint32_t grid[BENCH_GRID * BENCH_GRID];
};

/* Pushes the panels, then starts the display and waits for the first pixels.
 * bench_close also after a failure. */
bool bench_open(struct bench_fixture *bench,
                const struct bench_options *options);
int bench_close(struct bench_fixture *bench); /* the display's exit status */

/* Another display after the first: its store is filled, files are cached. */
bool bench_start_display(struct bench_fixture *bench);
int bench_stop_display(struct bench_fixture *bench);

/* Publishes without waiting; *moment_ms is read just before. */
bool bench_publish(struct bench_fixture *bench,
                   const struct signer_message *message, double *moment_ms);
/* An orange alert of one page with this order, on the whole glass; its end. */
bool bench_raise(struct bench_fixture *bench, const char *id, const char *order,
                 double *moment_ms);
bool bench_cancel(struct bench_fixture *bench, const char *id);
extern const char bench_order[];

/* Whether it stands on both sides of the glass, down to the last row; for
 * bench_watch. */
bool bench_alert_stands(void *bench);
bool bench_alert_is_gone(void *bench);

/* Waits for the last answer. */
bool bench_collect(struct bench_fixture *bench);

double bench_now_ms(void); /* monotonic */
void bench_pause(double ms);

/* Looks many times a millisecond; returns the moment at which the answer was
 * yes, or a negative number after the limit. */
double bench_watch(bool (*is_so)(void *context), void *context,
                   double limit_ms);

/* A grid of pixels that tells whether anything moves. */
void bench_remember(struct bench_fixture *bench);
bool bench_has_moved(void *bench); /* for bench_watch */

#endif
