/* Turns geocodes into scopes. Internal to cap/. */
#ifndef GAOSHI_CAP_CAP_SCOPE_H
#define GAOSHI_CAP_CAP_SCOPE_H

#include "cap/cap_map.h"

/* Where one info goes to. */
struct cap_scopes {
    char items[CAP_SCOPES_MAX][SCOPE_BYTES];
    size_t count;
    bool too_many;
};

/* The scope of a national area code of 2 to 14 digits: trailing zero levels and
 * digits below the community are cut. False: no such code, or that of the whole
 * country. */
bool cap_scope_of_code(const char *code, size_t digits, char out[SCOPE_BYTES]);

/* Adds the scopes of all areas of the info; codes that are not national are
 * noted. A scope within another one of the list is left out. */
void cap_scopes_add(const struct cap_alert *alert, const struct cap_info *info,
                    struct cap_scopes *scopes, struct cap_notes *notes);

#endif
