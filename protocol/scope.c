/* Reads scopes and compares them with the screen. */
#include "protocol/scope.h"

#include <stdio.h>
#include <string.h>

/* Digits of the national area code: province, city, district, street office,
 * community. */
static const size_t area_levels[] = {2, 4, 6, 9, 12};

enum { AREA_LEVELS = sizeof area_levels / sizeof *area_levels };

enum { RANK_ALL = 0, RANK_GROUP = 6, RANK_SCREEN = 7, RANK_NONE = -1 };

static bool is_lower_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool identifier_is_valid(const char *text)
{
    if (!is_lower_or_digit(text[0]))
        return false;
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789._-");
    return text[length] == '\0' && length <= LIMIT_IDENTIFIER_BYTES;
}

/* What follows the prefix, or NULL. */
static const char *after(const char *text, const char *prefix)
{
    size_t length = strlen(prefix);

    return strncmp(text, prefix, length) == 0 ? text + length : NULL;
}

/* 1 … AREA_LEVELS, or RANK_NONE. */
static int area_rank(const char *code)
{
    size_t length = strspn(code, "0123456789");

    if (code[length] != '\0')
        return RANK_NONE;
    for (int i = 0; i < AREA_LEVELS; i++) {
        if (area_levels[i] == length)
            return i + 1;
    }
    return RANK_NONE;
}

int scope_rank(const char *scope)
{
    const char *rest;

    if (strcmp(scope, "all") == 0)
        return RANK_ALL;
    if ((rest = after(scope, "area-")))
        return area_rank(rest);
    if ((rest = after(scope, "group-")))
        return identifier_is_valid(rest) ? RANK_GROUP : RANK_NONE;
    if ((rest = after(scope, "screen-")))
        return identifier_is_valid(rest) ? RANK_SCREEN : RANK_NONE;
    return RANK_NONE;
}

bool scope_is_valid(const char *scope)
{
    return scope_rank(scope) != RANK_NONE;
}

static bool lies_in_group(const struct screen_identity *screen,
                          const char *group)
{
    for (size_t i = 0; i < screen->group_count; i++) {
        if (strcmp(screen->groups[i], group) == 0)
            return true;
    }
    return false;
}

bool scope_covers(const char *scope, const struct screen_identity *screen)
{
    switch (scope_rank(scope)) {
    case RANK_NONE:
        return false;
    case RANK_ALL:
        return true;
    case RANK_GROUP:
        return lies_in_group(screen, after(scope, "group-"));
    case RANK_SCREEN:
        return strcmp(screen->screen, after(scope, "screen-")) == 0;
    default:
        return after(screen->area, after(scope, "area-")) != NULL;
    }
}

bool scope_contains(const char *outer, const char *inner)
{
    const char *outer_code = after(outer, "area-");
    const char *inner_code = after(inner, "area-");

    if (strcmp(outer, "all") == 0 || strcmp(outer, inner) == 0)
        return true;
    return outer_code && inner_code && after(inner_code, outer_code) != NULL;
}

size_t scope_list(const struct screen_identity *screen,
                  char out[SCOPE_MAX][SCOPE_BYTES])
{
    size_t count = 0;

    snprintf(out[count++], SCOPE_BYTES, "all");
    for (size_t i = 0; i < AREA_LEVELS; i++) {
        if (area_levels[i] <= strlen(screen->area))
            snprintf(out[count++], SCOPE_BYTES, "area-%.*s",
                     (int)area_levels[i], screen->area);
    }
    for (size_t i = 0; i < screen->group_count && i < LIMIT_GROUPS; i++)
        snprintf(out[count++], SCOPE_BYTES, "group-%s", screen->groups[i]);
    if (screen->screen[0] != '\0')
        snprintf(out[count++], SCOPE_BYTES, "screen-%s", screen->screen);
    return count;
}
