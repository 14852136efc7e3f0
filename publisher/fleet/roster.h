/* The roster: every screen that the inventory lists or that said something of
 * itself, and what it said last. Pure. */
#ifndef GAOSHI_PUBLISHER_ROSTER_H
#define GAOSHI_PUBLISHER_ROSTER_H

#include "protocol/receipt.h"
#include "publisher/fleet/inventory.h"

enum {
    /* Screens that no inventory lists. Further ones are only counted, so that
     * a flood of false names fills no memory. */
    ROSTER_UNLISTED_MAX = 20000,
    /* A state is old after three that did not come. */
    ROSTER_OLD_MS = 15 * 60 * 1000,
};

/* How a screen stands, the worst last. */
enum roster_condition {
    ROSTER_UP,
    ROSTER_OLD,     /* online, but its last state is older than it may be */
    ROSTER_OFFLINE, /* its line is down, or it is switched off */
    ROSTER_SILENT,  /* it never said anything */
    ROSTER_CONDITIONS,
};
const char *roster_condition_name(enum roster_condition condition);

struct roster_screen {
    char *id;
    const struct inventory_screen *listed; /* NULL: in no inventory */
    bool has_presence;
    struct presence_said presence;
    struct screen_state *state; /* NULL: none came */
};

/* roster_init and roster_finish. */
struct roster {
    const struct inventory *inventory; /* borrowed; NULL: there is none */
    struct roster_screen *screens;     /* those of the inventory first */
    size_t count, room;
    size_t *places; /* hash table: number of a screen + 1; 0: free */
    size_t place_count;
    size_t passed_over; /* news of screens for which there was no room */
};

/* NULL: there is no inventory. False: no memory. */
bool roster_init(struct roster *roster, const struct inventory *inventory);
void roster_finish(struct roster *roster);

/* The number of the screen; a name that is new is added. -1: no room. */
int roster_add(struct roster *roster, const char *id);

/* The same, without adding. -1: not known. */
int roster_find(const struct roster *roster, const char *id);

/* Takes what a screen said; the state becomes the roster's. Returns the
 * screen's number, -1: no room. */
int roster_take_presence(struct roster *roster,
                         const struct presence_said *said);
int roster_take_state(struct roster *roster, struct screen_state *state);

/* now_ms: of this machine. The age of a state counts only where the screen
 * trusts its clock. */
enum roster_condition roster_condition(const struct roster_screen *screen,
                                       int64_t now_ms);

/* True when the screen lies in the scope: by the inventory, or, of a screen
 * that is not in it, by what its state says. A state that names no area (of an
 * earlier version) says so only of the screen's own scope and of all. */
bool roster_covers(const struct roster_screen *screen, const char *scope);

/* Where it hangs, its area and its groups, "" where nobody says so. */
const char *roster_place(const struct roster_screen *screen);
const char *roster_area(const struct roster_screen *screen);
const char *roster_groups(const struct roster_screen *screen);

/* True when the screen's certificate ends within CERTIFICATE_SOON_DAYS. */
bool roster_certificate_ends(const struct roster_screen *screen,
                             int64_t now_ms);

/* What is wrong with a screen that is up, parted by commas: «2 missing, clock
 * unset, certificate ends on 2027-01-29, in 59 days». "" for nothing. */
enum { ROSTER_NOTES_BYTES = 240 };
void roster_notes(const struct roster_screen *screen, int64_t now_ms,
                  char out[ROSTER_NOTES_BYTES]);

#endif
