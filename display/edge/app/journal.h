/* What a rehearsal leaves behind: one line an event in journal.jsonl, one
 * picture a page. */
#ifndef GAOSHI_DISPLAY_JOURNAL_H
#define GAOSHI_DISPLAY_JOURNAL_H

#include "base/problem.h"
#include "display/edge/render/renderer.h"

#include <stdint.h>

struct journal;

/* Makes the folder if it does not exist. Overwrites the journal of an earlier
 * run. */
bool journal_create(const char *folder, struct journal **out,
                    struct problem *problem);
void journal_destroy(struct journal *journal); /* NULL: nothing */

struct journal_entry {
    const char *event; /* received, verified, refused, shown, ended, came, … */
    int64_t wall_ms;
    const char *kind; /* NULL: left out, as every text below */
    const char *id;
    int64_t seq;            /* 0: left out */
    int64_t page;           /* from 1; 0: left out */
    const char *above_kind; /* of the alert above it on the glass */
    const char *above_id;
    const char *reason;
    int64_t turns; /* 0: left out, as the next */
    int64_t frames;
};

/* NULL journal: does nothing. The line is flushed before this returns. */
void journal_write(struct journal *journal, const struct journal_entry *entry);

/* NNNN-KIND-ID-PAGE.png; what fails is logged. */
void journal_picture(struct journal *journal,
                     const struct renderer_pixels *pixels, const char *kind,
                     const char *id, size_t page);

#endif
