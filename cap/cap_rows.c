/* The elements of all four dialects, and the rules of CAP and of the Chinese
 * profile for their texts. */
#include "cap/cap_rows.h"
#include "base/translate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The rules for texts: true, or false with the reason (what was found, what was
 * expected). */
static bool refuse(char why[CAP_WHY_BYTES], const char *text,
                   const char *expected)
{
    enum { QUOTED = 48 };

    snprintf(why, CAP_WHY_BYTES, tr("«%.*s»%s found, %s expected"), QUOTED,
             text, strlen(text) > QUOTED ? "…" : "", tr(expected));
    return false;
}

static bool check_identifier(const char *text, enum cap_dialect dialect,
                             char why[CAP_WHY_BYTES])
{
    (void)dialect;
    if (!strpbrk(text, " \t\r\n,<&"))
        return true;
    return refuse(why, text, "no space, comma, < or &");
}

/* In China the sender is the office's name in words. Without a namespace the
 * dialect may not be known yet. */
static bool check_sender(const char *text, enum cap_dialect dialect,
                         char why[CAP_WHY_BYTES])
{
    return (dialect & CAP_DIALECT_CHINA) ||
           check_identifier(text, dialect, why);
}

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcasecmp(text, *words) == 0)
            return true;
    return false;
}

static bool check_status(const char *text, enum cap_dialect dialect,
                         char why[CAP_WHY_BYTES])
{
    static const char *const words[] = {"Actual", "Exercise", "System",
                                        "Test",   "Draft",    NULL};

    (void)dialect;
    return is_one_of(text, words) ||
           refuse(why, text, "Actual, Exercise, System, Test or Draft");
}

static bool check_type(const char *text, enum cap_dialect dialect,
                       char why[CAP_WHY_BYTES])
{
    static const char *const words[] = {"Alert", "Update", "Cancel",
                                        "Ack",   "Error",  NULL};

    (void)dialect;
    return is_one_of(text, words) ||
           refuse(why, text, "Alert, Update, Cancel, Ack or Error");
}

static bool check_scope(const char *text, enum cap_dialect dialect,
                        char why[CAP_WHY_BYTES])
{
    static const char *const words[] = {"Public", "Restricted", "Private",
                                        NULL};

    (void)dialect;
    return is_one_of(text, words) ||
           refuse(why, text, "Public, Restricted or Private");
}

/* The Chinese profile writes «84k». Sizes and shapes are not used, so an odd
 * one is noted and not refused. */
static bool check_size(const char *text, enum cap_dialect dialect,
                       char why[CAP_WHY_BYTES])
{
    size_t digits = strspn(text, "0123456789");

    if (digits > 0 && digits <= 15 &&
        (text[digits] == '\0' || dialect == CAP_DIALECT_CHINA))
        return true;
    return refuse(why, text, "a number of bytes, 0 or more");
}

/* Only plain decimals: strtod would also accept NaN and hexadecimals. Moves
 * *text past the number. */
static bool read_number(const char **text, double *out)
{
    char *end = NULL;
    size_t length = strspn(*text, "+-.0123456789");

    if (length == 0 || length > 32)
        return false;
    *out = strtod(*text, &end);
    if (end != *text + length)
        return false;
    *text = end;
    return true;
}

static bool skip_space(const char **text)
{
    size_t length = strspn(*text, " \t\r\n");

    *text += length;
    return length > 0;
}

/* «34.75,113.62»: latitude first in OASIS, in China either order. */
static bool read_point(const char **text, enum cap_dialect dialect)
{
    double first, second;
    double most = dialect == CAP_DIALECT_CHINA ? 180 : 90;

    if (!read_number(text, &first) || **text != ',')
        return false;
    ++*text;
    return read_number(text, &second) && first >= -most && first <= most &&
           second >= -180 && second <= 180;
}

static bool check_polygon(const char *text, enum cap_dialect dialect,
                          char why[CAP_WHY_BYTES])
{
    const char *rest = text;
    size_t points = 0;

    do {
        if (!read_point(&rest, dialect))
            return refuse(why, rest, "a point «34.75,113.62»");
        points++;
    } while (skip_space(&rest));
    if (*rest)
        return refuse(why, rest, "points parted by spaces");
    if (points >= 4 || dialect == CAP_DIALECT_CHINA)
        return true;
    return refuse(why, text, "four points or more, the last as the first");
}

static bool check_circle(const char *text, enum cap_dialect dialect,
                         char why[CAP_WHY_BYTES])
{
    const char *rest = text;
    double radius;

    if (!read_point(&rest, dialect) || !skip_space(&rest) ||
        !read_number(&rest, &radius) || *rest)
        return refuse(why, text, "«34.75,113.62 5»: a point and a radius");
    if (radius < 0)
        return refuse(why, text, "a radius of 0 or more");
    return true;
}

enum {
    V10 = CAP_DIALECT_1_0,
    V11 = CAP_DIALECT_1_1 | CAP_DIALECT_1_2,
    OASIS = V10 | V11,
    CHINA = CAP_DIALECT_CHINA,
    ALL = OASIS | CHINA,
};

#define AT(type, member) .offset = offsetof(struct type, member)
#define NOT_READ .required = 0
#define MANY(type, limit) .entry_bytes = sizeof(struct type), .most = limit
#define PROSE .use = CAP_USE_PROSE
#define TIME .use = CAP_USE_TIME
#define UNUSED .use = CAP_USE_UNUSED, .again = CAP_AGAIN_FIRST, .spare = true
#define FIRST .again = CAP_AGAIN_FIRST
#define JOIN .again = CAP_AGAIN_JOIN

/* Elements that the other family has under another name are accepted too:
 * «sent» in the Chinese profile can only mean its «sendTime». */
/* clang-format off */
const struct cap_row cap_rows[] = {
    {"identifier", CAP_NODE_ALERT, CAP_NODE_LEAF, ALL, ALL, 0,
     AT(cap_alert, identifier), .text_bytes = CAP_LIMIT_IDENTIFIER_BYTES,
     .check = check_identifier},
    {"sender", CAP_NODE_ALERT, CAP_NODE_LEAF, ALL, ALL, 0,
     AT(cap_alert, sender), .text_bytes = CAP_LIMIT_IDENTIFIER_BYTES,
     .check = check_sender},
    {"sent", CAP_NODE_ALERT, CAP_NODE_LEAF, OASIS, OASIS, 0,
     AT(cap_alert, sent), TIME},
    {"sendTime", CAP_NODE_ALERT, CAP_NODE_LEAF, CHINA, CHINA, 0,
     AT(cap_alert, sent), TIME},
    {"sent", CAP_NODE_ALERT, CAP_NODE_LEAF, CHINA, 0, 0,
     AT(cap_alert, sent), TIME},
    {"status", CAP_NODE_ALERT, CAP_NODE_LEAF, ALL, ALL, 0,
     AT(cap_alert, status), .check = check_status},
    {"msgType", CAP_NODE_ALERT, CAP_NODE_LEAF, ALL, ALL, 0,
     AT(cap_alert, type), .check = check_type},
    {"scope", CAP_NODE_ALERT, CAP_NODE_LEAF, ALL, V11, 0,
     AT(cap_alert, scope), .check = check_scope},
    {"note", CAP_NODE_ALERT, CAP_NODE_LEAF, ALL, 0, 0,
     AT(cap_alert, note), PROSE, JOIN},
    {"references", CAP_NODE_ALERT, CAP_NODE_LEAF, ALL, 0, 0,
     AT(cap_alert, references), .text_bytes = CAP_LIMIT_REFERENCES_BYTES,
     JOIN},
    {"secClassification", CAP_NODE_ALERT, CAP_NODE_LEAF, CHINA, 0, 0,
     AT(cap_alert, classification)},
    {"code", CAP_NODE_ALERT, CAP_NODE_CODE, CHINA, NOT_READ},
    {"code", CAP_NODE_ALERT, CAP_NODE_SKIP, OASIS, NOT_READ},
    {"senderCode", CAP_NODE_ALERT, CAP_NODE_SKIP, CHINA, NOT_READ},
    {"phone", CAP_NODE_ALERT, CAP_NODE_SKIP, CHINA, NOT_READ},
    {"password", CAP_NODE_ALERT, CAP_NODE_SKIP, V10, NOT_READ},
    {"source", CAP_NODE_ALERT, CAP_NODE_SKIP, ALL, NOT_READ},
    {"restriction", CAP_NODE_ALERT, CAP_NODE_SKIP, ALL, NOT_READ},
    {"addresses", CAP_NODE_ALERT, CAP_NODE_SKIP, ALL, NOT_READ},
    {"incidents", CAP_NODE_ALERT, CAP_NODE_SKIP, ALL, NOT_READ},
    {"info", CAP_NODE_ALERT, CAP_NODE_INFO, ALL, 0, 0,
     AT(cap_alert, infos), MANY(cap_info, CAP_LIMIT_INFOS)},

    {"method", CAP_NODE_CODE, CAP_NODE_METHOD, CHINA, 0, 0,
     AT(cap_alert, methods), MANY(cap_method, CAP_LIMIT_METHODS)},
    {"methodName", CAP_NODE_METHOD, CAP_NODE_LEAF, CHINA, 0, 0,
     AT(cap_method, name)},
    {"message", CAP_NODE_METHOD, CAP_NODE_LEAF, CHINA, 0, 0,
     AT(cap_method, message), PROSE, JOIN},
    {"audienceGrp", CAP_NODE_METHOD, CAP_NODE_SKIP, CHINA, NOT_READ},
    {"audiencePrt", CAP_NODE_METHOD, CAP_NODE_SKIP, CHINA, NOT_READ},
    /* Misspelt by the centres. */
    {"audenceprt", CAP_NODE_METHOD, CAP_NODE_SKIP, CHINA, NOT_READ},

    {"language", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0, 0,
     AT(cap_info, language), FIRST},
    {"category", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0, V11,
     AT(cap_info, categories), MANY(cap_text, CAP_LIMIT_WORDS), UNUSED},
    {"event", CAP_NODE_INFO, CAP_NODE_LEAF, OASIS, 0, OASIS,
     AT(cap_info, event), PROSE, FIRST},
    {"eventType", CAP_NODE_INFO, CAP_NODE_LEAF, CHINA, 0, CHINA,
     AT(cap_info, event), FIRST},
    {"event", CAP_NODE_INFO, CAP_NODE_LEAF, CHINA, 0, 0,
     AT(cap_info, event), PROSE, FIRST},
    {"responseType", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0, 0,
     AT(cap_info, responses), MANY(cap_text, CAP_LIMIT_WORDS)},
    {"urgency", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0, OASIS,
     AT(cap_info, urgency), FIRST},
    {"severity", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0, ALL,
     AT(cap_info, severity)},
    {"certainty", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0, OASIS,
     AT(cap_info, certainty), FIRST},
    {"audience", CAP_NODE_INFO, CAP_NODE_SKIP, ALL, NOT_READ},
    {"eventCode", CAP_NODE_INFO, CAP_NODE_PAIR, V11, 0, 0,
     AT(cap_info, event_codes), MANY(cap_pair, CAP_LIMIT_PAIRS),
     .spare = true},
    {"eventCode", CAP_NODE_INFO, CAP_NODE_SKIP, V10 | CHINA, NOT_READ},
    {"effective", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0, 0,
     AT(cap_info, effective), TIME, FIRST},
    {"onset", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0, 0,
     AT(cap_info, onset), TIME, FIRST},
    {"expires", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0, 0,
     AT(cap_info, expires), TIME},
    {"senderName", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0, 0,
     AT(cap_info, sender_name), PROSE, FIRST},
    {"headline", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0, 0,
     AT(cap_info, headline), PROSE, JOIN},
    {"description", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0, 0,
     AT(cap_info, description), PROSE, JOIN},
    {"instruction", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0, 0,
     AT(cap_info, instruction), PROSE, JOIN},
    {"web", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0, 0,
     AT(cap_info, web), PROSE, FIRST},
    {"contact", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0, 0,
     AT(cap_info, contact), PROSE, JOIN},
    {"parameter", CAP_NODE_INFO, CAP_NODE_PAIR, V11, 0, 0,
     AT(cap_info, parameters), MANY(cap_pair, CAP_LIMIT_PAIRS), .spare = true},
    {"parameter", CAP_NODE_INFO, CAP_NODE_SKIP, V10 | CHINA, NOT_READ},
    {"resource", CAP_NODE_INFO, CAP_NODE_RESOURCE, ALL, 0, 0,
     AT(cap_info, resources), MANY(cap_resource, CAP_LIMIT_RESOURCES),
     .spare = true},
    {"area", CAP_NODE_INFO, CAP_NODE_AREA, ALL, 0, 0,
     AT(cap_info, areas), MANY(cap_area, CAP_LIMIT_AREAS)},

    {"resourceDesc", CAP_NODE_RESOURCE, CAP_NODE_LEAF, ALL, 0, 0,
     AT(cap_resource, description), UNUSED},
    {"size", CAP_NODE_RESOURCE, CAP_NODE_LEAF, ALL, 0, 0,
     AT(cap_resource, size), UNUSED, .check = check_size},
    {"uri", CAP_NODE_RESOURCE, CAP_NODE_LEAF, ALL, 0, 0,
     AT(cap_resource, uri), UNUSED},
    {"mimeType", CAP_NODE_RESOURCE, CAP_NODE_SKIP, ALL, NOT_READ},
    {"derefUri", CAP_NODE_RESOURCE, CAP_NODE_SKIP, ALL, NOT_READ},
    {"digest", CAP_NODE_RESOURCE, CAP_NODE_SKIP, ALL, NOT_READ},

    {"areaDesc", CAP_NODE_AREA, CAP_NODE_LEAF, ALL, 0, ALL,
     AT(cap_area, description), PROSE, JOIN},
    {"polygon", CAP_NODE_AREA, CAP_NODE_LEAF, ALL, 0, 0,
     AT(cap_area, polygons), MANY(cap_text, CAP_LIMIT_SHAPES),
     .text_bytes = CAP_LIMIT_SHAPE_BYTES, UNUSED, .check = check_polygon},
    {"circle", CAP_NODE_AREA, CAP_NODE_LEAF, ALL, 0, 0,
     AT(cap_area, circles), MANY(cap_text, CAP_LIMIT_SHAPES),
     .text_bytes = CAP_LIMIT_SHAPE_BYTES, UNUSED, .check = check_circle},
    {"geocode", CAP_NODE_AREA, CAP_NODE_PAIR, V11, 0, 0,
     AT(cap_area, geocodes), MANY(cap_pair, CAP_LIMIT_PAIRS)},
    /* One text: «name=value» in CAP 1.0, codes alone in China. */
    {"geocode", CAP_NODE_AREA, CAP_NODE_LEAF, V10 | CHINA, 0, 0,
     .offset = offsetof(struct cap_area, geocodes),
     .entry_bytes = sizeof(struct cap_pair), .most = CAP_LIMIT_PAIRS},
    {"altitude", CAP_NODE_AREA, CAP_NODE_LEAF, ALL, 0, 0,
     AT(cap_area, altitude), UNUSED},
    {"ceiling", CAP_NODE_AREA, CAP_NODE_SKIP, ALL, NOT_READ},

    {"valueName", CAP_NODE_PAIR, CAP_NODE_LEAF, V11, 0, 0,
     AT(cap_pair, name), FIRST},
    {"value", CAP_NODE_PAIR, CAP_NODE_LEAF, V11, 0, 0,
     AT(cap_pair, value), FIRST},
};
/* clang-format on */
const size_t cap_row_count = sizeof cap_rows / sizeof cap_rows[0];

const struct cap_row *cap_row_find(enum cap_node parent, const char *name,
                                   unsigned dialects)
{
    for (size_t i = 0; i < cap_row_count; i++)
        if (cap_rows[i].parent == parent && (cap_rows[i].dialects & dialects) &&
            strcmp(cap_rows[i].name, name) == 0)
            return &cap_rows[i];
    return NULL;
}
