/* Warns of characters that no font has, before they are sent. The fonts are
 * the display's business: its program is asked, where it is installed. */
#ifndef GAOSHI_PUBLISHER_GLYPHS_H
#define GAOSHI_PUBLISHER_GLYPHS_H

#include "protocol/message.h"

#include <stdbool.h>
#include <stddef.h>

/* Lines on standard error for these files (drafts or captured messages);
 * where nobody can tell, one line says so. True: something is missing; no
 * reason to withhold an alert. Bounded in time, for an alert must not wait. */
bool glyphs_tell_missing(const char *const *files, size_t count);

/* The same of one message that is in no file; place stands in its stead. */
void glyphs_tell_missing_of(const struct message *message, const char *place);

#endif
