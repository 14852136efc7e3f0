/* Checks for characters that no font has, for all commands that send. The
 * display has the fonts, so its program is run, where it is installed. */
#ifndef GAOSHI_PUBLISHER_GLYPHS_H
#define GAOSHI_PUBLISHER_GLYPHS_H

#include "publisher/send/drafts.h"

/* Prints each missing character of these drafts on standard error, or one line
 * if the display's program gives no answer. True: a character is missing, which
 * is no reason to withhold an alert. Takes at most two seconds for every
 * hundred drafts, because an alert must not wait. */
bool glyphs_check(const struct drafts *drafts);

#endif
