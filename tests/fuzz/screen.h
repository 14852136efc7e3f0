/* A board that trusts the fuzz targets' key: screen s1 of erqi, in
 * 410103001002, of the group fixture. */
#ifndef GAOSHI_TESTS_FUZZ_SCREEN_H
#define GAOSHI_TESTS_FUZZ_SCREEN_H

#include "display/core/board/board.h"

struct board *fuzz_board(void);

/* What stands on the glass is whole, and of those that may stand there. */
void fuzz_check_scene(const struct board *board, const struct moment *now);

/* Moves on to now until nothing is due: a few turns, or the loop would
 * spin. */
void fuzz_settle(struct board *board, const struct moment *now);

/* What was done with a message: a refusal says why. */
void fuzz_check_intake(const struct board_intake *intake,
                       const struct problem *problem);

#endif
