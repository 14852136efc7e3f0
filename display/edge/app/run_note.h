/* A small file that tells the next run what happened if this one crashes: how
 * often the screen crashed in a row, and which message it was setting or
 * drawing. It is written when one of these changes. It is never synced, because
 * it must survive a crash but not a power cut. */
#ifndef GAOSHI_DISPLAY_RUN_NOTE_H
#define GAOSHI_DISPLAY_RUN_NOTE_H

#include "protocol/message.h"
#include "protocol/scope.h"

enum {
    RUN_NOTE_BARE_CRASHES =
        6, /* crashes in a row: safe mode without any font file */
    RUN_NOTE_CRASHES = 3,       /* crashes in a row: safe mode */
    RUN_NOTE_SETTLE_MS = 60000, /* after this time a crash does not count */
    RUN_NOTE_TIMES = 2,    /* a panel that crashed it this often is barred */
    RUN_NOTE_SUSPECTS = 8, /* the oldest is forgotten first */
    RUN_NOTE_BYTES = 4096, /* size of the file */
    RUN_NOTE_PATH_BYTES = 1024,
    RUN_NOTE_BOOT_BYTES = 40,
};

/* The work of the screen on a message. */
enum run_work {
    RUN_SETTING, /* breaking lines and placing glyphs */
    RUN_DRAWING,
    RUN_DRAWING_BESIDE, /* drawing the alert above the programme */
    RUN_WORK_COUNT
};

struct run_slot {
    bool alert; /* an alert or its end; otherwise a panel */
    char scope[SCOPE_BYTES];
    char id[LIMIT_IDENTIFIER_BYTES + 1];
    int64_t seq; /* 0: none */
};

struct run_suspect {
    struct run_slot slot;
    int times;
};

/* Zeroed, with fd -1: there is no file and nothing is known. */
struct run_note {
    int fd; /* -1: no file */
    char path[RUN_NOTE_PATH_BYTES];
    char boot[RUN_NOTE_BOOT_BYTES]; /* the kernel's id of this boot */
    int crashes;                    /* crashes in a row before this start */
    int starts; /* starts that the file counts, with this one */
    struct run_slot work[RUN_WORK_COUNT];
    struct run_suspect suspects[RUN_NOTE_SUSPECTS];
    size_t suspect_count;
};

/* Reads the file of the last run and counts this start in it. A message that
 * the last run was setting or drawing when it crashed becomes a suspect, unless
 * the machine was restarted since. A file that cannot be read counts as none.
 * path "": no file is kept. False: the file cannot be written, so crashes are
 * not counted; the note can still be used. */
bool run_note_begin(struct run_note *note, const char *path,
                    struct problem *problem);

/* Notes that work on this message begins. NULL: it is finished. */
void run_note_work(struct run_note *note, enum run_work work,
                   const struct message *message);

/* Notes that nothing is being drawn. */
void run_note_rest(struct run_note *note);

/* Whether a message that crashed the screen once is drawn as a plain page. A
 * panel that crashed it twice is not shown at all; an alert always is. */
bool run_note_is_plain(const struct run_note *note,
                       const struct message *message);
bool run_note_is_barred(const struct run_note *note,
                        const struct message *message);

/* The run was healthy for RUN_NOTE_SETTLE_MS: forgets earlier crashes. */
void run_note_settle(struct run_note *note);

/* The run ends without a crash: deletes the file. */
void run_note_end(struct run_note *note);

/* The display could not start because a window, a key or memory was missing:
 * this start is not counted, and the earlier content of the file stays. */
void run_note_withdraw(struct run_note *note);

#endif
