/* Which panels live, and in what order they come. Pure. */
#ifndef GAOSHI_DISPLAY_PROGRAMME_H
#define GAOSHI_DISPLAY_PROGRAMME_H

#include "display/core/validation/board_terms.h"
#include "display/core/validation/trust.h"

/* Panels held at once, over all scopes. A full programme refuses new panels
 * and keeps what it has. */
enum {
    PROGRAMME_PANELS_MAX = 256,
    /* Situations whose end is still to be told; the oldest gives way. */
    PROGRAMME_FAREWELLS_MAX = 4
};

/* Afterwards the end of a situation is no news any more. */
#define PROGRAMME_FAREWELL_MS (INT64_C(10) * 60 * 1000)

struct programme;

struct programme *programme_create(void);
void programme_destroy(struct programme *programme); /* NULL: nothing */

/* Takes a panel or a panel-removal whose sequence number is the newest of its
 * slot (scope and id). The message is the programme's in any case. What was
 * listed before may be gone: programme_advance before the next list. */
struct board_taken
programme_take(struct programme *programme, struct message *message,
               const struct arrival *arrival, const struct moment *now,
               struct board_ended_queue *ended, struct problem *problem);

/* Drops every panel whose key is not believed any more, and returns how many
 * there were. programme_advance before the next list. */
size_t programme_distrust(struct programme *programme,
                          const struct trust *trust,
                          struct board_ended_queue *ended);

/* The slot of a panel or its removal in the table of slots: "panel/SCOPE/ID".
 */
enum { PROGRAMME_SLOT_BYTES = SCOPE_BYTES + LIMIT_IDENTIFIER_BYTES + 16 };
void programme_slot(const char *scope, const char *id,
                    char out[PROGRAMME_SLOT_BYTES]);

/* Whether the panel of this slot and number is held. */
bool programme_holds(const struct programme *programme, const char *slot,
                     int64_t seq);

/* Lets panels begin and end. */
void programme_advance(struct programme *programme, const struct moment *now,
                       struct board_ended_queue *ended);

/* Live panels by section, order and id; of one id only the one with the
 * narrowest scope. Valid until the next take or advance. */
const struct message *const *programme_list(const struct programme *programme,
                                            size_t *count);

/* A situation that was live here and is over, because its level became 终止 or
 * because it was removed: the oldest that was not told yet, or NULL. What was
 * removed bears the number of its removal, the level 终止 and no figures. An
 * end that nobody declared, by expiry, is not told. Valid likewise. */
const struct message *programme_farewell(const struct programme *programme);

/* It was told, and is not to come again. */
void programme_end_farewell(struct programme *programme);

/* Monotonic moment at which the list changes by itself, or INT64_MAX. */
int64_t programme_next_ms(const struct programme *programme,
                          const struct moment *now);

#endif
