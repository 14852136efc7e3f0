/* Which office a message is from. Internal to cap/. */
#ifndef GAOSHI_CAP_CAP_OFFICE_H
#define GAOSHI_CAP_CAP_OFFICE_H

#include "cap/cap.h"

#include <stddef.h>

enum { CAP_OFFICE_BYTES = 200 };

/* The office's name for a screen: senderName if it is an office, otherwise the
 * office in the headline («郑州市气象台发布…»), otherwise derived from sender.
 * In China's profile sender comes first, because senderName is the officer who
 * signed. */
void cap_office_find(const struct cap_alert *alert, const struct cap_info *info,
                     char out[CAP_OFFICE_BYTES], struct cap_notes *notes);

#endif
