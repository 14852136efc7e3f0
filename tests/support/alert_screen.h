/* A lifecycle with clocks of its own, for tests that speak in minutes and ids.
 */
#ifndef GAOSHI_TESTS_SUPPORT_ALERT_SCREEN_H
#define GAOSHI_TESTS_SUPPORT_ALERT_SCREEN_H

#include "display/core/alerts/lifecycle.h"
#include "tests/support/made_message.h"

enum { ALERT_SCREEN_CLEAR_MINUTES = 1 };

struct alert_screen {
    struct lifecycle *lifecycle;
    struct board_ended_queue ended;
    struct moment now; /* at the start 0, and the epoch, confirmed */
};

/* drills: exercises and tests are shown. */
struct alert_screen *alert_screen_start(bool drills);
void alert_screen_finish(struct alert_screen *screen);

/* The clocks go on together to a minute of the wall clock. */
void alert_screen_wait_until(struct alert_screen *screen, int minute);
/* The wall clock jumps; one that is trusted is confirmed, too. */
void alert_screen_set_clock(struct alert_screen *screen, int minute,
                            bool trusted);
/* So late it is at least; the floor goes on with the clocks. */
void alert_screen_set_floor(struct alert_screen *screen, int minute);

struct board_taken alert_screen_take(struct alert_screen *screen,
                                     struct message *message, bool live,
                                     int received);
/* Over the line, now. */
enum board_effect alert_screen_alert(struct alert_screen *screen,
                                     struct made made);
enum board_effect alert_screen_cancel(struct alert_screen *screen,
                                      struct made made);

/* Everything that is listed has been on the glass. */
void alert_screen_look(struct alert_screen *screen);

/* ids of the list, parted by spaces. */
void alert_screen_expect(const struct alert_screen *screen, const char *ids);
/* NULL: no 解除. */
void alert_screen_expect_clear(const struct alert_screen *screen,
                               const char *id);
/* Exactly one thing ended since the last look. */
void alert_screen_expect_ended(struct alert_screen *screen, const char *id,
                               const char *reason);

#endif
