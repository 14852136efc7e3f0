/* Which of the infos are shown: docs/cap.md, «Languages». Internal to cap/. */
#ifndef GAOSHI_CAP_CAP_LANGUAGE_H
#define GAOSHI_CAP_CAP_LANGUAGE_H

#include "cap/cap.h"

/* The language that is shown, borrowed; NULL: there is no info. */
const char *cap_language_choose(const struct cap_alert *alert);

/* Whether the info is in that language. */
bool cap_language_speaks(const struct cap_alert *alert,
                         const struct cap_info *info, const char *language);

/* The nth info of a language, from 0. NULL: there are fewer. */
const struct cap_info *cap_language_nth(const struct cap_alert *alert,
                                        const char *language, size_t nth);

/* The English counterpart: the only one, or the one at the same place. NULL:
 * none, or they don't match, which is noted. */
const struct cap_info *cap_language_english(const struct cap_alert *alert,
                                            const struct cap_info *info,
                                            struct cap_notes *notes);

/* Notes the languages that are not shown. */
void cap_language_note(const struct cap_alert *alert, const char *shown,
                       struct cap_notes *notes);

#endif
