/* The fields of a panel's JSON and where each goes in struct panel. Internal
 * to protocol/. */
#ifndef GAOSHI_PROTOCOL_PANEL_FIELDS_H
#define GAOSHI_PROTOCOL_PANEL_FIELDS_H

#include "protocol/json_read.h"

extern const struct json_words panel_templates;
extern const struct json_words panel_sections;
extern const struct json_field panel_fields[];

#endif
