/* National area codes (GB/T 2260 and the levels below it) become scopes. */
#include "cap/cap_scope.h"

#include <stdio.h>
#include <string.h>

/* Province, city, district, street office, community. */
static const size_t levels[] = {2, 4, 6, 9, 12};

enum { LEVELS = sizeof levels / sizeof *levels };

static bool is_length_of_code(size_t digits)
{
    for (size_t i = 0; i < LEVELS; i++)
        if (levels[i] == digits)
            return true;
    return digits == 14;
}

static bool is_zero(const char *text, size_t bytes)
{
    return strspn(text, "0") >= bytes;
}

bool cap_scope_of_code(const char *code, size_t digits, char out[SCOPE_BYTES])
{
    size_t kept = 0;

    if (!is_length_of_code(digits) || strspn(code, "0123456789") < digits ||
        code[0] == '0' || code[0] == '9')
        return false;
    for (size_t i = 0, from = 0; i < LEVELS && levels[i] <= digits; i++) {
        if (!is_zero(code + from, levels[i] - from))
            kept = levels[i];
        from = levels[i];
    }
    /* 10 and 100000 stand for the whole country. */
    if (kept == 0 || code[1] == '0')
        return false;
    snprintf(out, SCOPE_BYTES, "area-%.*s", (int)kept, code);
    return true;
}

static bool lies_within(const char *scope, const char *other)
{
    return strncmp(scope, other, strlen(other)) == 0;
}

static void add_scope(struct cap_scopes *scopes, const char *scope)
{
    size_t kept = 0;

    for (size_t i = 0; i < scopes->count; i++)
        if (lies_within(scope, scopes->items[i]))
            return;
    for (size_t i = 0; i < scopes->count; i++) {
        if (lies_within(scopes->items[i], scope))
            continue;
        if (kept != i)
            memcpy(scopes->items[kept], scopes->items[i], SCOPE_BYTES);
        kept++;
    }
    scopes->count = kept;
    if (scopes->count == CAP_SCOPES_MAX) {
        scopes->too_many = true;
        return;
    }
    snprintf(scopes->items[scopes->count++], SCOPE_BYTES, "%s", scope);
}

/* Codes stand apart by commas of both widths, stops or white space. */
static size_t skip_separators(const char *text)
{
    static const char *const wide[] = {"，", "、", "；", "　"};
    const char *at = text;

    for (bool moved = true; moved;) {
        size_t narrow = strspn(at, ",; \t\r\n|/");
        at += narrow;
        moved = narrow > 0;
        for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
            if (strncmp(at, wide[i], strlen(wide[i])) == 0) {
                at += strlen(wide[i]);
                moved = true;
            }
    }
    return (size_t)(at - text);
}

static void add_codes(const char *text, struct cap_scopes *scopes,
                      struct cap_notes *notes)
{
    char scope[SCOPE_BYTES];
    const char *at = text;

    for (at += skip_separators(at); *at; at += skip_separators(at)) {
        size_t bytes = 0;
        while (at[bytes] && skip_separators(at + bytes) == 0)
            bytes++;
        if (cap_scope_of_code(at, bytes, scope))
            add_scope(scopes, scope);
        else
            cap_notes_add(notes, "geocode «%.*s» is no national area code",
                          (int)(bytes < 40 ? bytes : 40), at);
        at += bytes;
    }
}

/* Other nations' codes look alike: FIPS 6 has six digits too. Only what is
 * called a national area code is taken as one. */
static bool names_national_code(const char *name, size_t bytes)
{
    static const char *const names[] = {
        "GB/T 2260", "GB/T2260", "GBT2260", "GB2260",       "GB/T 10114", "CN",
        "areaCode",  "adcode",   "geocode", "行政区划代码", "行政区划",
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i]) == bytes &&
            strncasecmp(names[i], name, bytes) == 0)
            return true;
    return false;
}

static void add_geocode(const struct cap_alert *alert,
                        const struct cap_pair *geocode,
                        struct cap_scopes *scopes, struct cap_notes *notes)
{
    const char *name = cap_text_or_empty(&geocode->name);
    const char *value = cap_text_or_empty(&geocode->value);
    size_t name_bytes = strlen(name);

    if (alert->dialect == CAP_DIALECT_1_0 && strchr(value, '=')) {
        name = value;
        name_bytes = strcspn(value, "=");
        value += name_bytes + 1;
    }
    if (!*value)
        return;
    if (alert->dialect == CAP_DIALECT_CHINA ||
        names_national_code(name, name_bytes))
        add_codes(value, scopes, notes);
    else
        cap_notes_add(notes, "geocodes of %.*s are no national area codes",
                      (int)(name_bytes < 40 ? name_bytes : 40),
                      name_bytes ? name : "no name");
}

void cap_scopes_add(const struct cap_alert *alert, const struct cap_info *info,
                    struct cap_scopes *scopes, struct cap_notes *notes)
{
    for (size_t i = 0; i < info->areas.count; i++) {
        const struct cap_area *area = cap_area_at(info, i);
        for (size_t k = 0; k < area->geocodes.count; k++)
            add_geocode(alert, cap_pair_at(&area->geocodes, k), scopes, notes);
    }
}
