/* Checks for characters that no font has, for all commands that send. The
 * display has the fonts, so its program is run, where it is installed. */
#ifndef GAOSHI_PUBLISHER_GLYPHS_H
#define GAOSHI_PUBLISHER_GLYPHS_H

#include "publisher/send/drafts.h"

/* How long to wait for the display's program, for every hundred drafts. */
enum {
    GLYPHS_ALERT_WAIT_MS = 2000, /* before an alert is sent */
    GLYPHS_WAIT_MS = 30000,      /* before anything else */
};

/* Prints each missing character of these drafts on standard error, or one line
 * if the display's program gives no answer. True: a character is missing, which
 * is no reason to withhold an alert. */
bool glyphs_check(const struct drafts *drafts, int wait_ms);

#endif
