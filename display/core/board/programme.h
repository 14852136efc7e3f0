/* Which panels are live, and in which order. Pure. */
#ifndef GAOSHI_DISPLAY_PROGRAMME_H
#define GAOSHI_DISPLAY_PROGRAMME_H

#include "display/core/board/panel_list.h"
#include "display/core/schedule/timetable.h"
#include "display/core/validation/board_terms.h"
#include "display/core/validation/trust.h"

enum {
    /* The most panels of a screen, of all scopes together: fewer than the slots
     * that it remembers (slot_table.h). */
    PROGRAMME_PANELS_MAX = 10000,
    /* Situations whose end is not shown yet; if there are more, the oldest is
     * dropped. */
    PROGRAMME_FAREWELLS_MAX = 4
};

/* After this time the end of a situation is no longer shown. */
#define PROGRAMME_FAREWELL_MS (INT64_C(10) * 60 * 1000)

/* Beginnings, ends and hours are waited for by the monotonic clock. If the wall
 * clock has moved against it by more than this, or by less while something is
 * due within this time, every panel is looked at anew. */
enum { PROGRAMME_DRIFT_MS = 100 };

struct programme;

/* calendar: of the place, borrowed; NULL: UTC, without holidays. most: how many
 * panels it takes; a full programme refuses new ones and keeps those it has. */
struct programme *programme_create(const struct calendar *calendar,
                                   size_t most);
void programme_destroy(struct programme *programme); /* NULL: nothing */

/* Takes a panel or a panel-removal with the newest sequence number of its slot
 * (scope and id). The programme owns the message in any case. Messages listed
 * before may be gone: call programme_advance before the next list. */
struct board_taken
programme_take(struct programme *programme, struct message *message,
               const struct arrival *arrival, const struct moment *now,
               struct board_ended_queue *ended, struct problem *problem);

/* Drops every panel whose key is no longer trusted, and returns how many there
 * were. Call programme_advance before the next list. */
size_t programme_distrust(struct programme *programme,
                          const struct trust *trust,
                          struct board_ended_queue *ended);

/* The slot of a panel or its removal in the table of slots: "panel/SCOPE/ID".
 */
enum { PROGRAMME_SLOT_BYTES = SCOPE_BYTES + LIMIT_IDENTIFIER_BYTES + 16 };
void programme_slot(const char *scope, const char *id,
                    char out[PROGRAMME_SLOT_BYTES]);

/* Whether the panel with this slot and number is held. */
bool programme_holds(const struct programme *programme, const char *slot,
                     int64_t seq);

/* Begins and ends panels as time passes. */
void programme_advance(struct programme *programme, const struct moment *now,
                       struct board_ended_queue *ended);

/* The panels of the group that may be shown now: begun, within their hours,
 * and of the same id only the one with the narrowest scope. Valid until the
 * next take or advance. */
const struct panel_list *programme_list(const struct programme *programme,
                                        enum panel_group group);

/* The pictures that held panels name, whether they may be shown now or later.
 * The version changes when another set of panels names pictures. */
typedef void programme_visit_picture(void *context,
                                     const struct panel_picture *picture);
void programme_each_picture(const struct programme *programme,
                            programme_visit_picture *visit, void *context);
uint64_t programme_pictures_version(const struct programme *programme);

/* How many panels may be shown now, and how many were left out because their
 * hours or days need a clock that is trusted. */
size_t programme_count(const struct programme *programme);
size_t programme_waiting(const struct programme *programme);

/* The panel of this id that the glass may go on showing: the edition named by
 * scope and seq, even if its hours are over; otherwise the one that may be
 * shown now; NULL: neither. Valid until the next take or advance. */
const struct message *programme_find(const struct programme *programme,
                                     const char *id, const char *scope,
                                     int64_t seq);

/* The oldest situation that was live here, is over, and was not yet shown as
 * over, or NULL. It is over because its level became 终止 or because it was
 * removed. A removed one has the number of its removal, the level 终止 and no
 * figures. One that merely expired is not shown again. Valid until the next
 * take or advance. */
const struct message *programme_farewell(const struct programme *programme);

/* It was shown and does not come again. */
void programme_end_farewell(struct programme *programme);

/* The monotonic time at which a list may change by itself, or INT64_MAX. */
int64_t programme_next_ms(const struct programme *programme,
                          const struct moment *now);

#endif
