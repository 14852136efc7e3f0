/* Somebody who stands before the glass all the time and never looks away:
 * counts what must never be seen, and knows pictures again. */
#ifndef GAOSHI_TESTS_FAULTS_EYE_H
#define GAOSHI_TESTS_FAULTS_EYE_H

#include "tests/support/xvfb.h"

struct eye;

enum { EYE_WIDTH = 640, EYE_HEIGHT = 360 };

/* Kinds of picture, by the grounds of data/themes/night.ini. Only a forged
 * message of these tests is red. */
enum sight {
    SIGHT_NOTHING, /* no window: the server's own ground */
    SIGHT_BLACK,   /* a window of one colour */
    SIGHT_FORGED,
    SIGHT_ALERT,
    SIGHT_OTHER,
    SIGHT_COUNT
};

struct eye_counts {
    unsigned long looks[SIGHT_COUNT];
};

/* Starts the X server and the thread that looks. NULL: failed. */
struct eye *eye_open(void);
void eye_close(struct eye *eye); /* NULL: nothing */

/* While it is awake looks are counted; black counts only after something
 * stood there, since eye_wake: the window is made before its first frame. */
void eye_wake(struct eye *eye);
void eye_sleep(struct eye *eye);
struct eye_counts eye_counts(struct eye *eye);

enum sight eye_look(struct eye *eye);

/* The whole picture as it stands now, EYE_WIDTH × EYE_HEIGHT; the caller
 * frees it. */
uint32_t *eye_picture(struct eye *eye);

/* Every pixel is as in the picture; or every one of the first rows. */
bool eye_sees(struct eye *eye, const uint32_t *picture);
bool eye_sees_rows(struct eye *eye, const uint32_t *picture, int rows);

/* Waits for the picture, at most so long. The milliseconds since from_ms (of
 * bench_now_ms); negative: it did not come. */
double eye_wait(struct eye *eye, const uint32_t *picture, double from_ms,
                double limit_ms);

#endif
