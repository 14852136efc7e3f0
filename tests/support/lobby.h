/* The whole road in one place for benches: an X server, a broker, an operator
 * and a display in a window that shows his panels. */
#ifndef GAOSHI_TESTS_SUPPORT_LOBBY_H
#define GAOSHI_TESTS_SUPPORT_LOBBY_H

#include "tests/support/signer.h"
#include "tests/support/xvfb.h"

struct broker;

struct lobby_options {
    int width, height;
    int dwell_ms;    /* 0: by the reading rule */
    int panel_count; /* at most LOBBY_PANELS */
};

enum { LOBBY_PANELS = 4, LOBBY_GRID = 48 };

/* Zeroed is empty. */
struct lobby {
    struct lobby_options options;
    struct xvfb *xvfb;
    struct broker *broker;
    struct signer *signer;
    struct peer *peer;
    char *folder;
    pid_t display;    /* 0: none runs */
    double start_ms;  /* from its start to the first pixels */
    size_t published; /* so many answers have to come */
    uint32_t grid[LOBBY_GRID * LOBBY_GRID];
};

/* Pushes the panels, then starts the display and waits for the first pixels.
 * lobby_close also after a failure. */
bool lobby_open(struct lobby *lobby, const struct lobby_options *options);
int lobby_close(struct lobby *lobby); /* the display's exit status */

/* Another display after the first: its store is filled, files are cached. */
bool lobby_start_display(struct lobby *lobby);
int lobby_stop_display(struct lobby *lobby);

/* Publishes without waiting; *moment_ms is read just before. */
bool lobby_publish(struct lobby *lobby, const struct signer_message *message,
                   double *moment_ms);
/* Waits for the last answer. */
bool lobby_collect(struct lobby *lobby);

double lobby_now_ms(void); /* monotonic */
void lobby_pause(double ms);

/* Looks many times a millisecond; returns the moment at which the answer was
 * yes, or a negative number after the limit. */
double lobby_watch(bool (*is_so)(void *context), void *context,
                   double limit_ms);

/* A grid of pixels that tells whether anything moves. */
void lobby_remember(struct lobby *lobby);
bool lobby_has_moved(void *lobby); /* for lobby_watch */

#endif
