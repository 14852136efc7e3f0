/* One row of the table: what is done to the lane, how often, and what became
 * of the glass. */
#ifndef GAOSHI_TESTS_FAULTS_FAULT_H
#define GAOSHI_TESTS_FAULTS_FAULT_H

#include "tests/faults/lane.h"
#include "tests/support/distribution.h"

enum { FAULT_NOTE_BYTES = 160 };

/* What one fault did. */
struct outcome {
    int tried;
    int wrong; /* times the glass was not what it should be */
    int lost;  /* alerts that never came to stand, or messages lost */
    struct distribution recovery_ms;
    struct distribution start_ms;
    char note[FAULT_NOTE_BYTES]; /* one more figure, or why it was skipped */
    bool skipped;                /* it cannot be tried on this machine */
    bool failed;                 /* the lane itself could not be set up */
};

struct fault_context {
    struct eye *eye;
    const struct pictures *pictures;
    int times;
    bool brief; /* a share for the suite: pauses are short */
    struct outcome *out;
};

struct fault {
    const char *name;
    const char *does; /* one sentence */
    int times, share; /* usual number, and that of the suite; 0: left out */
    void (*run)(const struct fault *fault, struct fault_context *context);

    /* Of program_faults: what is run, and which test of it; NULL: it has none.
     */
    const char *program, *test;

    /* For fault_run_lane: breaks, and makes whole again. */
    struct lane_options lane;
    bool (*strike)(struct lane *lane, int time);
    bool (*mend)(struct lane *lane, int time);
    int hold_ms; /* so long it stays broken; times that in the suite */
    int brief_ms;
    int rest_ms;      /* before the next time */
    bool update_late; /* the operator cannot send while it is broken */
};

/* The usual course: the alert stands; it is broken; the operator sends a
 * newer wording; the glass keeps the old one until it is mended, and shows
 * the newer one after that. */
void fault_run_lane(const struct fault *fault, struct fault_context *context);

/* Something that was to hold did not: told on standard error. */
void fault_note_wrong(struct fault_context *context, const char *what,
                      int time);
void fault_note_lost(struct fault_context *context, const char *what, int time);
void fault_skip(struct fault_context *context, const char *why);

/* The families, one file each. They end with an empty row. */
extern const struct fault display_faults[];
extern const struct fault store_faults[];
extern const struct fault broker_faults[];
extern const struct fault line_faults[];
extern const struct fault odd_faults[];
extern const struct fault lie_faults[];
extern const struct fault flood_faults[];
extern const struct fault operator_faults[];
extern const struct fault program_faults[];

#endif
