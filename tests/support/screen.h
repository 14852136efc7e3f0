/* A running gaoshi-display for tests: screen lobby-1 of erqi, with a journal
 * that tells what happened. */
#ifndef GAOSHI_TESTS_SUPPORT_SCREEN_H
#define GAOSHI_TESTS_SUPPORT_SCREEN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct screen;

enum { SCREEN_EXTRA_MAX = 16 };

struct screen_options {
    const char *program; /* beside the test; NULL: gaoshi-display */
    const char *folder;  /* for journal and log; made by the test */
    const char *broker;  /* its address; NULL: none on the command line */
    const char *trust;   /* public key; NULL: none */
    const char *store;   /* NULL: none */
    const char *mode;    /* "--headless", "--windowed", "--fullscreen" */
    const char *size;    /* full screen NULL */
    const char *extra[SCREEN_EXTRA_MAX]; /* more words, NULL at the end */
};

/* NULL: it could not be started. */
struct screen *screen_start(const struct screen_options *options);

/* TERM and wait; its exit status. Frees the screen. */
int screen_stop(struct screen *screen);

/* Sends the signal and waits for the end; its exit status, or 128 + the
 * signal. Frees the screen. */
int screen_kill(struct screen *screen, int signal);

pid_t screen_pid(const struct screen *screen);

/* Waits until it ends by itself; its exit status. Frees the screen. */
int screen_wait_end(struct screen *screen);

/* Waits until the journal tells of an event with this id ("": without id) for
 * the n-th time, counted from 1. */
bool screen_wait(struct screen *screen, const char *event, const char *id,
                 int times);

/* How often the journal tells of it now. */
int screen_count(struct screen *screen, const char *event, const char *id);

/* The whole journal, or what it said on standard error. The caller frees
 * it; NULL: nothing there. */
char *screen_journal(struct screen *screen);
char *screen_log(struct screen *screen);

/* Whether one of the pictures that displays recorded in the folder of this
 * message, each page by itself, has exactly these pixels (0xRRGGBB). */
bool screen_has_recorded(const char *folder, const char *id,
                         const uint32_t *pixels, int width, int height);

/* Lines of the log that hold the text. */
int screen_count_log(struct screen *screen, const char *text);

/* Waits until so many lines of the log hold the text. */
bool screen_wait_log(struct screen *screen, const char *text, int times);

#endif
