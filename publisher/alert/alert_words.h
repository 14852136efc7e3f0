/* Words that flags of an alert may say. A screen shows what it does not know
 * at a defined rank; a person at a keyboard has mistyped it. */
#ifndef GAOSHI_PUBLISHER_ALERT_WORDS_H
#define GAOSHI_PUBLISHER_ALERT_WORDS_H

#include "publisher/cli/options.h"

/* False with a problem that names the flag and its words. */
bool alert_words_check(const struct options *options, struct problem *problem);

/* Ⅰ to Ⅳ as screens write it, from Ⅲ, III, 3 or any of these with 级 behind
 * it; NULL: none of them. */
const char *alert_words_response(const char *typed);

#endif
