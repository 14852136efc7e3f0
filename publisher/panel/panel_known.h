/* The panels that the outbox knows. */
#ifndef GAOSHI_PUBLISHER_PANEL_KNOWN_H
#define GAOSHI_PUBLISHER_PANEL_KNOWN_H

#include "publisher/cli/command.h"
#include "publisher/outbox/outbox.h"

/* The last message of a slot. */
struct known_panel {
    char scope[SCOPE_BYTES];
    struct message *message; /* owned; a panel or a removal */
    enum outbox_state state;
};

/* Zeroed is empty. */
struct known_panels {
    struct known_panel *items;
    size_t count;
};

/* Reads the panels of the org with this id, or (NULL) all of them, by id and
 * scope. Without an outbox there are none. The caller finishes *out in any
 * case. */
bool known_panels_load(const struct options *options, const char *id,
                       struct known_panels *out, struct problem *problem);
void known_panels_finish(struct known_panels *known);

/* Whether screens may show it: a panel that is not over, and was not refused
 * or dropped. */
bool known_panel_is_live(const struct known_panel *panel, int64_t now_ms);

/* "live", "waits", "unconfirmed", "removed", "expired", "refused", "dropped".
 */
const char *known_panel_status(const struct known_panel *panel, int64_t now_ms);

#endif
