/* One info as the JSON of an alert. Internal to cap/. */
#ifndef GAOSHI_CAP_CAP_DRAFT_H
#define GAOSHI_CAP_CAP_DRAFT_H

#include "cap/cap_chain.h"
#include "cap/cap_map.h"
#include "protocol/limits.h"

/* The same info in other languages than the one that is shown first. */
struct cap_translations {
    const struct cap_info *english; /* NULL: there is none */
    struct {
        const char *language; /* borrowed */
        const struct cap_info *info;
    } others[LIMIT_LANGUAGES];
    size_t count;
};

/* Returns NULL without memory. */
json_t *cap_draft_alert(const struct cap_alert *alert,
                        const struct cap_info *info,
                        const struct cap_translations *translations,
                        const struct cap_chain *chain, struct cap_notes *notes);

/* info NULL: the cancel has none. id: the alert that it ends. */
json_t *cap_draft_cancel(const struct cap_alert *alert,
                         const struct cap_info *info,
                         const struct cap_chain *chain, const char *id,
                         struct cap_notes *notes);

#endif
