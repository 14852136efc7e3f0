/* The live figures that the outbox knows. */
#ifndef GAOSHI_PUBLISHER_FIGURES_KNOWN_H
#define GAOSHI_PUBLISHER_FIGURES_KNOWN_H

#include "publisher/cli/command.h"
#include "publisher/outbox/outbox.h"
#include "publisher/send/drafts.h"

/* The last message of a slot. */
struct known_figure {
    struct message *message; /* owned */
    enum outbox_state state;
};

/* Zeroed is empty. */
struct figures_known {
    struct known_figure *items; /* by name and scope */
    size_t count;
};

/* Reads those of the org. Without an outbox there are none. The caller finishes
 * *out in any case. */
bool figures_known_load(const struct options *options,
                        struct figures_known *out, struct problem *problem);
void figures_known_finish(struct figures_known *known);

/* NULL: no value of this name was sent to the scope. */
const struct message *figures_known_find(const struct figures_known *known,
                                         const char *name, const char *scope);

/* When the value was measured. */
int64_t figure_measured_ms(const struct message *figure);

/* A draft of a value. Its JSON is new, the caller owns it. text: the number as
 * it was typed; unit and at (a timestamp): NULL if not given. NULL: the text is
 * no number, and the problem says so; or no memory. */
json_t *figure_draft(const char *name, const char *text, const char *unit,
                     const char *at, const char *scope,
                     struct problem *problem);

/* Whether a figure of the panel is bound to the name. */
bool figure_is_bound(const struct message *panel, const char *name);

#endif
