/* What a screen has shown, read from blocks of its log: the chain is verified,
 * and what is missing is told. Pure. */
#ifndef GAOSHI_PUBLISHER_PLAY_LIST_H
#define GAOSHI_PUBLISHER_PLAY_LIST_H

#include "protocol/play_log.h"

enum {
    /* A shorter pause between two entries is none. */
    PLAY_GAP_MS = 2000,
    /* Entries and faults that are kept; of further ones only that they were. */
    PLAY_ROWS_MAX = 500000,
    PLAY_FAULTS_MAX = 100,
    PLAY_NOTE_BYTES = 120,
};

/* Where the time of an entry comes from. */
enum play_clock {
    PLAY_CLOCK_TRUSTED,
    PLAY_CLOCK_LATER,   /* the screen trusted its clock later in the same run */
    PLAY_CLOCK_UNKNOWN, /* never: from_ms is TIMESTAMP_NONE */
};
const char *play_clock_name(enum play_clock clock);

struct play_row {
    int64_t from_ms, lasted_ms;
    char what[8]; /* as in the log, or "gap" */
    char id[LIMIT_IDENTIFIER_BYTES + 1];
    int64_t seq;
    enum play_clock clock;
    char note[PLAY_NOTE_BYTES]; /* of a gap: why; otherwise "" */
    size_t run;                 /* which start of the program; for the list */
    int64_t mono_ms;
};

struct play_run {
    bool stopped;     /* it ended in order */
    bool knows_clock; /* offset_ms is known */
    int64_t offset_ms;
};

struct play_fault {
    int64_t number; /* of the block */
    char text[PLAY_NOTE_BYTES];
};

/* Zeroed at the start; play_list_finish. */
struct play_list {
    struct play_row *rows; /* after play_list_close by time, gaps among them */
    size_t count, room;
    struct play_run *runs;
    size_t run_count;
    struct play_fault faults[PLAY_FAULTS_MAX];
    size_t fault_count;           /* may be more than are kept */
    int64_t lost;                 /* entries that the screen had no room for */
    size_t gaps;                  /* rows that are gaps */
    struct play_head first, last; /* blocks of the chain; number 0: none */
};

/* Takes what a screen sent for the command plays: a line and blocks. *more: it
 * has further ones, behind list->last.number. False: it is no such text, or
 * there is no memory. */
bool play_list_take(struct play_list *list, const char *text, size_t bytes,
                    bool *more);

/* Gives every entry its time, joins what the log had split, leaves out what
 * lies outside of the times (TIMESTAMP_NONE: no bound), and adds the gaps.
 * now_ms: nothing later is missed. False: no memory. */
bool play_list_close(struct play_list *list, int64_t from_ms, int64_t to_ms,
                     int64_t now_ms);
void play_list_finish(struct play_list *list);

#endif
