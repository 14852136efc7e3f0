/* The table of elements of all four dialects. */
#include "cap/cap_rows.h"

#include "cap/cap_check.h"

#include <string.h>

enum {
    V10 = CAP_DIALECT_1_0,
    V11 = CAP_DIALECT_1_1 | CAP_DIALECT_1_2,
    OASIS = V10 | V11,
    CHINA = CAP_DIALECT_CHINA,
    ALL = OASIS | CHINA,
};

#define AT(type, member) .offset = offsetof(struct type, member)
#define UNUSED .required = 0
#define MANY(type, limit) .entry_bytes = sizeof(struct type), .most = limit

/* clang-format off */
const struct cap_row cap_rows[] = {
    {"identifier", CAP_NODE_ALERT, CAP_NODE_LEAF, ALL, ALL,
     AT(cap_alert, identifier), .text_bytes = CAP_LIMIT_IDENTIFIER_BYTES,
     .check = cap_check_identifier},
    {"sender", CAP_NODE_ALERT, CAP_NODE_LEAF, ALL, ALL,
     AT(cap_alert, sender), .text_bytes = CAP_LIMIT_IDENTIFIER_BYTES,
     .check = cap_check_sender},
    {"sent", CAP_NODE_ALERT, CAP_NODE_LEAF, OASIS, OASIS,
     AT(cap_alert, sent), .check = cap_check_time},
    {"sendTime", CAP_NODE_ALERT, CAP_NODE_LEAF, CHINA, CHINA,
     AT(cap_alert, sent), .check = cap_check_time},
    {"status", CAP_NODE_ALERT, CAP_NODE_LEAF, ALL, ALL,
     AT(cap_alert, status), .check = cap_check_status},
    {"msgType", CAP_NODE_ALERT, CAP_NODE_LEAF, ALL, ALL,
     AT(cap_alert, type), .check = cap_check_type},
    {"scope", CAP_NODE_ALERT, CAP_NODE_LEAF, ALL, V11,
     AT(cap_alert, scope), .check = cap_check_scope},
    {"note", CAP_NODE_ALERT, CAP_NODE_LEAF, ALL, 0, AT(cap_alert, note)},
    {"references", CAP_NODE_ALERT, CAP_NODE_LEAF, ALL, 0,
     AT(cap_alert, references), .text_bytes = CAP_LIMIT_REFERENCES_BYTES},
    {"secClassification", CAP_NODE_ALERT, CAP_NODE_LEAF, CHINA, 0,
     AT(cap_alert, classification)},
    {"code", CAP_NODE_ALERT, CAP_NODE_CODE, CHINA, UNUSED},
    {"code", CAP_NODE_ALERT, CAP_NODE_SKIP, OASIS, UNUSED},
    {"senderCode", CAP_NODE_ALERT, CAP_NODE_SKIP, CHINA, UNUSED},
    {"phone", CAP_NODE_ALERT, CAP_NODE_SKIP, CHINA, UNUSED},
    {"password", CAP_NODE_ALERT, CAP_NODE_SKIP, V10, UNUSED},
    {"source", CAP_NODE_ALERT, CAP_NODE_SKIP, ALL, UNUSED},
    {"restriction", CAP_NODE_ALERT, CAP_NODE_SKIP, ALL, UNUSED},
    {"addresses", CAP_NODE_ALERT, CAP_NODE_SKIP, ALL, UNUSED},
    {"incidents", CAP_NODE_ALERT, CAP_NODE_SKIP, ALL, UNUSED},
    {"info", CAP_NODE_ALERT, CAP_NODE_INFO, ALL, 0,
     AT(cap_alert, infos), MANY(cap_info, CAP_LIMIT_INFOS)},

    {"method", CAP_NODE_CODE, CAP_NODE_METHOD, CHINA, 0,
     AT(cap_alert, methods), MANY(cap_method, CAP_LIMIT_METHODS)},
    {"methodName", CAP_NODE_METHOD, CAP_NODE_LEAF, CHINA, 0,
     AT(cap_method, name)},
    {"message", CAP_NODE_METHOD, CAP_NODE_LEAF, CHINA, 0,
     AT(cap_method, message)},
    {"audienceGrp", CAP_NODE_METHOD, CAP_NODE_SKIP, CHINA, UNUSED},
    {"audiencePrt", CAP_NODE_METHOD, CAP_NODE_SKIP, CHINA, UNUSED},

    {"language", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0,
     AT(cap_info, language)},
    {"category", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, V11,
     AT(cap_info, categories), MANY(cap_text, CAP_LIMIT_WORDS)},
    {"event", CAP_NODE_INFO, CAP_NODE_LEAF, OASIS, OASIS,
     AT(cap_info, event)},
    {"eventType", CAP_NODE_INFO, CAP_NODE_LEAF, CHINA, CHINA,
     AT(cap_info, event)},
    {"responseType", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0,
     AT(cap_info, responses), MANY(cap_text, CAP_LIMIT_WORDS)},
    {"urgency", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, OASIS,
     AT(cap_info, urgency)},
    {"severity", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, ALL,
     AT(cap_info, severity)},
    {"certainty", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, OASIS,
     AT(cap_info, certainty)},
    {"audience", CAP_NODE_INFO, CAP_NODE_SKIP, ALL, UNUSED},
    {"eventCode", CAP_NODE_INFO, CAP_NODE_PAIR, V11, 0,
     AT(cap_info, event_codes), MANY(cap_pair, CAP_LIMIT_PAIRS)},
    {"eventCode", CAP_NODE_INFO, CAP_NODE_SKIP, V10 | CHINA, UNUSED},
    {"effective", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0,
     AT(cap_info, effective), .check = cap_check_time},
    {"onset", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0,
     AT(cap_info, onset), .check = cap_check_time},
    {"expires", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0,
     AT(cap_info, expires), .check = cap_check_time},
    {"senderName", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0,
     AT(cap_info, sender_name)},
    {"headline", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0,
     AT(cap_info, headline)},
    {"description", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0,
     AT(cap_info, description)},
    {"instruction", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0,
     AT(cap_info, instruction)},
    {"web", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0, AT(cap_info, web)},
    {"contact", CAP_NODE_INFO, CAP_NODE_LEAF, ALL, 0, AT(cap_info, contact)},
    {"parameter", CAP_NODE_INFO, CAP_NODE_PAIR, V11, 0,
     AT(cap_info, parameters), MANY(cap_pair, CAP_LIMIT_PAIRS)},
    {"parameter", CAP_NODE_INFO, CAP_NODE_SKIP, V10 | CHINA, UNUSED},
    {"resource", CAP_NODE_INFO, CAP_NODE_RESOURCE, ALL, 0,
     AT(cap_info, resources), MANY(cap_resource, CAP_LIMIT_RESOURCES)},
    {"area", CAP_NODE_INFO, CAP_NODE_AREA, ALL, 0,
     AT(cap_info, areas), MANY(cap_area, CAP_LIMIT_AREAS)},

    {"resourceDesc", CAP_NODE_RESOURCE, CAP_NODE_LEAF, ALL, V11,
     AT(cap_resource, description)},
    {"size", CAP_NODE_RESOURCE, CAP_NODE_LEAF, ALL, 0,
     AT(cap_resource, size), .check = cap_check_size},
    {"uri", CAP_NODE_RESOURCE, CAP_NODE_LEAF, ALL, 0, AT(cap_resource, uri)},
    {"mimeType", CAP_NODE_RESOURCE, CAP_NODE_SKIP, ALL, UNUSED},
    {"derefUri", CAP_NODE_RESOURCE, CAP_NODE_SKIP, ALL, UNUSED},
    {"digest", CAP_NODE_RESOURCE, CAP_NODE_SKIP, ALL, UNUSED},

    {"areaDesc", CAP_NODE_AREA, CAP_NODE_LEAF, ALL, ALL,
     AT(cap_area, description)},
    {"polygon", CAP_NODE_AREA, CAP_NODE_LEAF, ALL, 0,
     AT(cap_area, polygons), MANY(cap_text, CAP_LIMIT_SHAPES),
     .text_bytes = CAP_LIMIT_SHAPE_BYTES, .check = cap_check_polygon},
    {"circle", CAP_NODE_AREA, CAP_NODE_LEAF, ALL, 0,
     AT(cap_area, circles), MANY(cap_text, CAP_LIMIT_SHAPES),
     .text_bytes = CAP_LIMIT_SHAPE_BYTES, .check = cap_check_circle},
    {"geocode", CAP_NODE_AREA, CAP_NODE_PAIR, V11, 0,
     AT(cap_area, geocodes), MANY(cap_pair, CAP_LIMIT_PAIRS)},
    /* One text: «name=value» in CAP 1.0, codes alone in China. */
    {"geocode", CAP_NODE_AREA, CAP_NODE_LEAF, V10 | CHINA, 0,
     .offset = offsetof(struct cap_area, geocodes),
     .entry_bytes = sizeof(struct cap_pair), .most = CAP_LIMIT_PAIRS},
    {"altitude", CAP_NODE_AREA, CAP_NODE_LEAF, ALL, 0,
     AT(cap_area, altitude)},
    {"ceiling", CAP_NODE_AREA, CAP_NODE_SKIP, ALL, UNUSED},

    {"valueName", CAP_NODE_PAIR, CAP_NODE_LEAF, V11, 0, AT(cap_pair, name)},
    {"value", CAP_NODE_PAIR, CAP_NODE_LEAF, V11, 0, AT(cap_pair, value)},
};
/* clang-format on */
const size_t cap_row_count = sizeof cap_rows / sizeof cap_rows[0];

const struct cap_row *cap_row_find(enum cap_node parent, const char *name,
                                   enum cap_dialect dialect)
{
    for (size_t i = 0; i < cap_row_count; i++)
        if (cap_rows[i].parent == parent && (cap_rows[i].dialects & dialect) &&
            strcmp(cap_rows[i].name, name) == 0)
            return &cap_rows[i];
    return NULL;
}
