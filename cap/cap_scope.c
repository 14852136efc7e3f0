/* Turns national area codes (GB/T 2260 and the levels below it) into scopes. */
#include "cap/cap_scope.h"

#include "base/translate.h"
#include "cap/cap_tolerance.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

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

/* The provinces; 10 and 100000 stand for the whole country. */
static bool is_province(const char *code)
{
    static const char *const provinces[] = {
        "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34",
        "35", "36", "37", "41", "42", "43", "44", "45", "46", "50", "51", "52",
        "53", "54", "61", "62", "63", "64", "65", "71", "81", "82"};

    for (size_t i = 0; i < sizeof provinces / sizeof provinces[0]; i++)
        if (strncmp(code, provinces[i], 2) == 0)
            return true;
    return false;
}

bool cap_scope_of_code(const char *code, size_t digits, char out[SCOPE_BYTES])
{
    size_t kept = 0;

    if (!is_length_of_code(digits) || strspn(code, "0123456789") < digits ||
        !is_province(code))
        return false;
    for (size_t i = 0, from = 0; i < LEVELS && levels[i] <= digits; i++) {
        if (!is_zero(code + from, levels[i] - from))
            kept = levels[i];
        from = levels[i];
    }
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

/* Codes are separated by commas (of both widths), stops or white space. */
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

/* Codes of other nations look alike: FIPS 6 has six digits too. A code counts
 * only if its valueName is a name of the national area code. */
static bool names_national_code(const char *name, size_t bytes)
{
    static const char *const names[] = {
        "GB/T 2260",
        "GB/T2260",
        "GBT2260",
        "GB2260",
        "GB/T 10114",
        "CN",
        "areaCode",
        "adcode",
        "geocode",
        "行政区划代码",
        "行政区划",
        /* Of the weather service's CAP 1.2; CPEAS is the national platform for
         * early warnings. */
        "CPEAS Geographic Code",
        "CPEAS",
        "地域编码",
        "区划代码",
        "国标码",
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i]) == bytes &&
            strncasecmp(names[i], name, bytes) == 0)
            return true;
    return false;
}

/* A geocode's name and value; CAP 1.0 has both in one text. */
struct geocode {
    const char *name;
    size_t name_bytes;
    const char *value;
};

static struct geocode read_geocode(const struct cap_alert *alert,
                                   const struct cap_pair *pair)
{
    struct geocode geocode = {.name = cap_text_or_empty(&pair->name),
                              .value = cap_text_or_empty(&pair->value)};

    geocode.name_bytes = strlen(geocode.name);
    if (alert->dialect == CAP_DIALECT_1_0 && strchr(geocode.value, '=')) {
        geocode.name = geocode.value;
        geocode.name_bytes = strcspn(geocode.value, "=");
        geocode.value += geocode.name_bytes + 1;
    }
    return geocode;
}

/* Codes of other nations and kinds, by the beginning of their names. German
 * codes have twelve digits, American ones six. */
static bool names_foreign_code(const struct geocode *geocode)
{
    static const char *const names[] = {
        "FIPS",    "SAME",     "UGC",      "AGS",     "ARS",  "SHN",    "NUTS",
        "EMMA",    "WARNCELL", "profile:", "layer:",  "SGC",  "CLC",    "LAD",
        "LGD",     "ISO",      "ZIP",      "HASC",    "PSGC", "Taiwan", "WMO",
        "AREA_ID", "EXCLUDE",  "INSEE",    "DICOFRE", "JIS",  "邮"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strncasecmp(geocode->name, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

/* Whether it is one code of six, twelve or fourteen digits, or several, and
 * nothing else. */
static bool looks_national(const char *value)
{
    char scope[SCOPE_BYTES];
    const char *at = value + skip_separators(value);

    if (!*at)
        return false;
    while (*at) {
        size_t digits = strspn(at, "0123456789");
        if ((digits != 6 && digits != 12 && digits != 14) ||
            (at[digits] && skip_separators(at + digits) == 0) ||
            !cap_scope_of_code(at, digits, scope))
            return false;
        at += digits;
        at += skip_separators(at);
    }
    return true;
}

/* Adds codes with a known name. True: there was one. */
static bool add_known(const struct cap_alert *alert,
                      const struct cap_area *area, struct cap_scopes *scopes,
                      struct cap_notes *notes)
{
    bool found = false;

    for (size_t k = 0; k < area->geocodes.count; k++) {
        struct geocode geocode = read_geocode(alert,
                                              cap_pair_at(&area->geocodes, k));
        if (!*geocode.value ||
            (alert->dialect != CAP_DIALECT_CHINA &&
             !names_national_code(geocode.name, geocode.name_bytes)))
            continue;
        add_codes(geocode.value, scopes, notes);
        found = true;
    }
    return found;
}

/* For an area without a code of a known name: in a Chinese message a code that
 * looks national is accepted. */
static void add_unknown(const struct cap_alert *alert,
                        const struct cap_area *area, bool chinese,
                        struct cap_scopes *scopes, struct cap_notes *notes)
{
    char name[41];

    for (size_t k = 0; k < area->geocodes.count; k++) {
        struct geocode geocode = read_geocode(alert,
                                              cap_pair_at(&area->geocodes, k));
        int shown = (int)(geocode.name_bytes < 40 ? geocode.name_bytes : 40);
        if (!*geocode.value ||
            names_national_code(geocode.name, geocode.name_bytes))
            continue;
        if (chinese && !names_foreign_code(&geocode) &&
            looks_national(geocode.value)) {
            snprintf(name, sizeof name, "%.*s", shown, geocode.name);
            cap_forgive(notes, CAP_FORGIVEN_CODE_NAME, "geocode", name);
            add_codes(geocode.value, scopes, notes);
            continue;
        }
        cap_notes_add(notes, "geocodes of %.*s are no national area codes",
                      shown ? shown : 7, shown ? geocode.name : tr("no name"));
    }
}

/* Taiwan, Hong Kong and Macao have their own codes. */
static bool is_mainland(const struct cap_info *info)
{
    const char *language = cap_text_or_empty(&info->language);

    return strcasecmp(language, "zh") == 0 ||
           strcasecmp(language, "zh-CN") == 0 ||
           strncasecmp(language, "zh-Hans", 7) == 0;
}

void cap_scopes_add(const struct cap_alert *alert, const struct cap_info *info,
                    struct cap_scopes *scopes, struct cap_notes *notes)
{
    for (size_t i = 0; i < info->areas.count; i++) {
        const struct cap_area *area = cap_area_at(info, i);
        bool known = add_known(alert, area, scopes, notes);
        if (alert->dialect != CAP_DIALECT_CHINA)
            add_unknown(alert, area, !known && is_mainland(info), scopes,
                        notes);
    }
}
