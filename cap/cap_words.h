/* Maps words of CAP and of the Chinese profile to ours. Internal to cap/. */
#ifndef GAOSHI_CAP_CAP_WORDS_H
#define GAOSHI_CAP_CAP_WORDS_H

#include "cap/cap.h"
#include "protocol/alert.h"

/* How a level was found. */
enum cap_level_by {
    CAP_LEVEL_BY_WORD,     /* a word of the standard or the profile */
    CAP_LEVEL_BY_OTHER,    /* «红色», «Ⅰ级», «特别重大» */
    CAP_LEVEL_BY_HEADLINE, /* severity is missing or can't be read */
    CAP_LEVEL_BY_NOTHING,
};
enum alert_level cap_words_level(const struct cap_text *severity,
                                 const struct cap_text *headline,
                                 enum cap_level_by *by);

/* An unknown or missing word becomes unknown; *known reports it. */
const char *cap_words_urgency(const struct cap_text *urgency, bool *known);
const char *cap_words_certainty(const struct cap_text *certainty, bool *known);

/* The instruction of a responseType, as a sentence; NULL: none. */
const char *cap_words_response(const struct cap_text *response, bool english);

/* The name of a Chinese event by its code, otherwise from a headline of the
 * form «某台发布暴雨红色预警», otherwise "突发事件". */
enum { CAP_EVENT_BYTES = 128 };
void cap_words_event(const char *code, const char *headline,
                     char out[CAP_EVENT_BYTES]);

/* The place of «发布», «更新», «解除» or the like in a headline; NULL: none.
 * *bytes: length of the word. */
const char *cap_words_verb(const char *headline, size_t *bytes);

#endif
