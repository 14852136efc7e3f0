/* How a tally is told: a live table on a terminal, plain lines, JSON. */
#ifndef GAOSHI_PUBLISHER_TALLY_VIEW_H
#define GAOSHI_PUBLISHER_TALLY_VIEW_H

#include "publisher/fleet/tally.h"

enum {
    /* Ten times a second at most. */
    TALLY_VIEW_DRAW_MS = 100,
    /* A line, where no terminal is. */
    TALLY_VIEW_LINE_MS = 5000,
    /* Of each class so many screens are named in words; --json names all. */
    TALLY_VIEW_NAMES = 200,
};

/* Zeroed at the start. */
struct tally_view {
    int64_t drawn_ms; /* monotonic; 0: never */
    char told[160];   /* the last plain line */
};

/* Draws the table again on standard error, or tells one line there, if it is
 * time. Returns the monotonic moment for the next call. */
int64_t tally_view_update(struct tally_view *view, const struct tally *tally,
                          int64_t now_ms);

/* Takes the table from the terminal. */
void tally_view_clear(const struct tally_view *view);

/* On standard output: of each message how many screens have it, and which have
 * not and why. */
void tally_view_print(const struct tally *tally);

/* The first of these alone, a line for each message. */
void tally_view_print_totals(const struct tally *tally);

/* One object with all of it on standard output. least_thousandths: what
 * --min-shown asks for; -1: nothing. */
void tally_view_print_json(const struct tally *tally, int least_thousandths);

/* True: every message has reached so many of its screens. */
bool tally_view_is_enough(const struct tally *tally, int least_thousandths);

#endif
