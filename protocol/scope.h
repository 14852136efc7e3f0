/* The scope of a message, and the identity of a screen. */
#ifndef GAOSHI_PROTOCOL_SCOPE_H
#define GAOSHI_PROTOCOL_SCOPE_H

#include "protocol/limits.h"

#include <stdbool.h>
#include <stddef.h>

enum { SCOPE_BYTES = LIMIT_IDENTIFIER_BYTES + 8 };

/* Whether the text has 1 … LIMIT_IDENTIFIER_BYTES lower-case ASCII letters,
 * digits, '.', '_' and '-', and begins with a letter or digit: org, message id,
 * screen, group. */
bool identifier_is_valid(const char *text);

/* Whether it is a scope: all, area-CODE (2, 4, 6, 9 or 12 digits of the
 * national area code), group-NAME or screen-ID. */
bool scope_is_valid(const char *scope);

struct screen_identity {
    char org[LIMIT_IDENTIFIER_BYTES + 1];
    char screen[LIMIT_IDENTIFIER_BYTES + 1];
    char area[13]; /* 12 digits, or empty: in no area */
    char groups[LIMIT_GROUPS][LIMIT_IDENTIFIER_BYTES + 1];
    size_t group_count;
};

/* True when the screen is in the (valid) scope. */
bool scope_covers(const char *scope, const struct screen_identity *screen);

/* True when the texts alone show that every screen of the scope `inner` is in
 * `outer`: all contains every scope, an area every area code that begins with
 * its own, a group or a screen only itself. Both must be valid. */
bool scope_contains(const char *outer, const char *inner);

/* Lists every scope that contains the screen, widest first: all, its areas from
 * province to community, its groups, the screen. Returns the count. */
enum { SCOPE_MAX = 1 + 5 + LIMIT_GROUPS + 1 };
size_t scope_list(const struct screen_identity *screen,
                  char out[SCOPE_MAX][SCOPE_BYTES]);

/* How narrow the scope is: 0 all, 1–5 area, 6 group, 7 screen. */
int scope_rank(const char *scope);

#endif
