/* What this run leaves for the next one, should it end without a word: a small
 * file that says how often the screen crashed in a row, and which message it
 * was setting or drawing. Written when one of the two changes, and never
 * synced: it has to outlive the program, not the machine. */
#ifndef GAOSHI_DISPLAY_RUN_NOTE_H
#define GAOSHI_DISPLAY_RUN_NOTE_H

#include "protocol/message.h"
#include "protocol/scope.h"

enum {
    RUN_NOTE_BARE_CRASHES = 6,  /* safe mode too: no font is opened either */
    RUN_NOTE_CRASHES = 3,       /* in a row: safe mode */
    RUN_NOTE_SETTLE_MS = 60000, /* healthy so long: no crash at the start */
    RUN_NOTE_TIMES = 2,         /* a panel that did it so often is barred */
    RUN_NOTE_SUSPECTS = 8,      /* the oldest is forgotten first */
    RUN_NOTE_BYTES = 4096,      /* of the file */
    RUN_NOTE_PATH_BYTES = 1024,
    RUN_NOTE_BOOT_BYTES = 40,
};

/* What the screen may be at work on. */
enum run_work {
    RUN_SETTING, /* lines are broken, glyphs placed */
    RUN_DRAWING,
    RUN_DRAWING_BESIDE, /* the alert above the programme */
    RUN_WORK_COUNT
};

struct run_slot {
    bool alert; /* an alert or its end, else a panel */
    char scope[SCOPE_BYTES];
    char id[LIMIT_IDENTIFIER_BYTES + 1];
    int64_t seq; /* 0: none */
};

struct run_suspect {
    struct run_slot slot;
    int times;
};

/* Zeroed, with fd -1: nothing is kept, nothing is known. */
struct run_note {
    int fd; /* -1: no file */
    char path[RUN_NOTE_PATH_BYTES];
    char boot[RUN_NOTE_BOOT_BYTES]; /* the kernel's name of this boot */
    int crashes;                    /* in a row, before this start */
    int starts; /* that the file counts now, this one included */
    struct run_slot work[RUN_WORK_COUNT];
    struct run_suspect suspects[RUN_NOTE_SUSPECTS];
    size_t suspect_count;
};

/* Reads what the last run left and counts this start. A
 * message that the last run died over becomes a suspect, unless the machine
 * was started meanwhile. A file that can't be read counts as none. "": no
 * file. False: crashes are not counted; the note can be used all the same. */
bool run_note_begin(struct run_note *note, const char *path,
                    struct problem *problem);

/* The work begins on this message; NULL: it is done. */
void run_note_work(struct run_note *note, enum run_work work,
                   const struct message *message);

/* Nothing is being drawn. */
void run_note_rest(struct run_note *note);

/* A message that the screen died over is drawn plainly. A panel over which it
 * died twice is left out; an alert never is. */
bool run_note_is_plain(const struct run_note *note,
                       const struct message *message);
bool run_note_is_barred(const struct run_note *note,
                        const struct message *message);

/* The run has proved itself: the crashes before it are forgotten. */
void run_note_settle(struct run_note *note);

/* Ends without a crash: everything is forgotten. */
void run_note_end(struct run_note *note);

/* Ends because there is no window, no key, no memory: this start counts for
 * nothing, what was before stays. */
void run_note_withdraw(struct run_note *note);

#endif
