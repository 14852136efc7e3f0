/* A board with real keys and clocks of its own, as the loop drives it. */
#ifndef GAOSHI_TESTS_SUPPORT_BOARD_SCREEN_H
#define GAOSHI_TESTS_SUPPORT_BOARD_SCREEN_H

#include "display/core/board/board.h"
#include "tests/support/delivery.h"
#include "tests/support/receive.h"

enum { BOARD_SCREEN_DWELL_MS = 15000, BOARD_SCREEN_CLEAR_MS = 8000 };

struct board_screen {
    struct delivery_keys *keys;
    struct board *board;    /* shows drills; cuts */
    struct moment now;      /* at the start 0, and the epoch, trusted */
    struct problem problem; /* of the last message */
};

/* For cmocka_unit_test_setup_teardown. */
int board_screen_start(void **state);
int board_screen_finish(void **state);

/* A new board, which knows nothing. */
void board_screen_boot(struct board_screen *screen);

/* Both clocks go on. Returns how many endings were told. */
size_t board_screen_wait(struct board_screen *screen, int64_t ms);

/* Over the line, now. The delivery is consumed. */
struct board_intake board_screen_take(struct board_screen *screen,
                                      struct delivery delivery);
enum board_effect board_screen_panel(struct board_screen *screen,
                                     struct made made);
enum board_effect board_screen_alert(struct board_screen *screen,
                                     struct made made);
enum board_effect board_screen_cancel(struct board_screen *screen,
                                      struct made made);

/* kind and id: "panel p1", "alert a1", "clear a1", "plain". */
void board_screen_expect(struct board_screen *screen, const char *expected);

#endif
