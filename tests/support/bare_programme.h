/* A programme and its director without pages and glass: each panel has one
 * page of BARE_PAGE_MS. To see what the choice of panels costs. */
#ifndef GAOSHI_TESTS_BARE_PROGRAMME_H
#define GAOSHI_TESTS_BARE_PROGRAMME_H

#include "display/core/board/director.h"
#include "display/core/board/programme.h"

enum { BARE_PAGE_MS = 12000 };

struct bare_programme {
    struct programme *programme;
    struct director *director;
    struct board_ended_queue ended;
    struct moment now; /* the caller's to set; 0 at first, without a floor */
};

/* calendar: borrowed; NULL: none. */
void bare_programme_init(struct bare_programme *bare,
                         const struct calendar *calendar, size_t panels);
void bare_programme_finish(struct bare_programme *bare);

/* One turn at `now`. */
void bare_programme_turn(struct bare_programme *bare);

/* The same, so much later. */
void bare_programme_step(struct bare_programme *bare, int64_t step_ms);

/* Takes the message, and makes a turn. */
enum board_effect bare_programme_take(struct bare_programme *bare,
                                      struct message *message);

#endif
