/* What the text of an element must look like. Internal to cap/. */
#ifndef GAOSHI_CAP_CAP_CHECK_H
#define GAOSHI_CAP_CAP_CHECK_H

#include "cap/cap_rows.h"

/* All of them: true, or false and why (what was found, what was expected). */
typedef bool cap_check(const char *text, enum cap_dialect dialect,
                       char why[CAP_WHY_BYTES]);
cap_check cap_check_identifier;
cap_check cap_check_sender;
cap_check cap_check_status;
cap_check cap_check_type;
cap_check cap_check_scope;
cap_check cap_check_size;
cap_check cap_check_polygon;
cap_check cap_check_circle;

#endif
