/* The keys of a rehearsal: one table for the window, the help on the glass and
 * --help. */
#ifndef GAOSHI_DISPLAY_KEYS_H
#define GAOSHI_DISPLAY_KEYS_H

#include "display/edge/render/window.h"

enum rehearsal_action {
    ACTION_NONE,
    ACTION_HELP,
    ACTION_PAUSE,
    ACTION_FRAME,
    ACTION_PAGE,  /* argument: 1 on, -1 back */
    ACTION_SEEK,  /* argument: milliseconds within the page */
    ACTION_SPEED, /* argument: 1 faster, -1 slower, 0 the usual one */
    ACTION_GO,    /* to a time of day that is typed */
    ACTION_HOURS, /* argument: hours on */
    ACTION_RESTART,
    ACTION_SHAPE,    /* argument: 1 next, -1 the one before */
    ACTION_THEME,    /* likewise */
    ACTION_ROTATION, /* likewise */
    ACTION_DRILL,    /* argument: enum alert_level */
    ACTION_OVERLAY,  /* all parts on or off */
    ACTION_BOXES,
    ACTION_DAMAGE,
    ACTION_TIMES,
    ACTION_SIZES,
    ACTION_PICTURE,
    ACTION_FULLSCREEN,
    ACTION_END,
};

struct rehearsal_key {
    int code; /* as in struct window_key; 0 ends the table */
    bool shift;
    bool repeats; /* while it is held down */
    enum rehearsal_action action;
    int argument;
    const char *name; /* of the key; NULL: another row stands for it */
    const char *help;
};

extern const struct rehearsal_key rehearsal_keys[];

/* NULL: the key does nothing. Shift is ignored where no row has it. */
const struct rehearsal_key *rehearsal_key_find(const struct window_key *key);

#endif
