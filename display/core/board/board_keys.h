/* What the screen believes: the keys of its configuration and the newest list
 * that a root key signed. Pure. */
#ifndef GAOSHI_DISPLAY_BOARD_KEYS_H
#define GAOSHI_DISPLAY_BOARD_KEYS_H

#include "display/core/board/board_state.h"

/* Takes a key list, the newest there is, and forgets everything that nobody
 * is believed for any more. BOARD_TOOK_OFF: something was. */
struct board_taken board_keys_take(struct board *board, struct message *message,
                                   const struct moment *now,
                                   struct problem *problem);

#endif
