/* Tables from the words of a file to those of an alert. */
#include "cap/cap_words.h"

#include <stdio.h>
#include <string.h>

#include "cap/cap_events.h"

struct word {
    const char *cap;
    const char *ours;
};

static const char *find_word(const struct word *words,
                             const struct cap_text *text, bool *known)
{
    *known = true;
    for (; words->cap; words++)
        if (cap_text_is(text, words->cap))
            return words->ours;
    *known = false;
    return "unknown";
}

enum alert_level cap_words_level(const struct cap_text *severity, bool *known)
{
    static const struct {
        const char *cap;
        enum alert_level level;
    } words[] = {
        {"Extreme", ALERT_LEVEL_RED},     {"Red", ALERT_LEVEL_RED},
        {"Severe", ALERT_LEVEL_ORANGE},   {"Orange", ALERT_LEVEL_ORANGE},
        {"Moderate", ALERT_LEVEL_YELLOW}, {"Yellow", ALERT_LEVEL_YELLOW},
        {"Minor", ALERT_LEVEL_BLUE},      {"Blue", ALERT_LEVEL_BLUE},
        {"Unknown", ALERT_LEVEL_UNKNOWN},
    };

    *known = true;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (cap_text_is(severity, words[i].cap))
            return words[i].level;
    *known = false;
    return ALERT_LEVEL_UNKNOWN;
}

const char *cap_words_urgency(const struct cap_text *urgency, bool *known)
{
    static const struct word words[] = {
        {"Immediate", "immediate"}, {"Expected", "expected"},
        {"Future", "future"},       {"Past", "past"},
        {"Unknown", "unknown"},     {NULL, NULL},
    };

    return find_word(words, urgency, known);
}

/* «Very Likely» is of CAP 1.0, and counts as likely since 1.1. */
const char *cap_words_certainty(const struct cap_text *certainty, bool *known)
{
    static const struct word words[] = {
        {"Observed", "observed"}, {"Very Likely", "likely"},
        {"VeryLikely", "likely"}, {"Likely", "likely"},
        {"Possible", "possible"}, {"Unlikely", "unlikely"},
        {"Unknown", "unknown"},   {NULL, NULL},
    };

    return find_word(words, certainty, known);
}

const char *cap_words_response(const struct cap_text *response, bool english)
{
    static const struct {
        const char *cap, *chinese, *english;
    } words[] = {
        {"Shelter", "就地避险，不要外出", "Take shelter where you are"},
        {"Evacuate", "立即撤离到安全地点", "Leave for a safe place now"},
        {"Prepare", "做好防范准备", "Make preparations"},
        {"Execute", "按预案立即行动", "Act as planned"},
        {"Avoid", "远离危险区域", "Keep away from the danger"},
        {"Monitor", "留意后续信息", "Follow further information"},
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (cap_text_is(response, words[i].cap))
            return english ? words[i].english : words[i].chinese;
    return NULL;
}

/* The part of a headline between its verb and its colour. */
static bool find_event(const char *headline, char out[CAP_EVENT_BYTES])
{
    static const char *const verbs[] = {"发布", "更新", "解除", "变更", "继续"};
    static const char *const ends[] = {"红色", "橙色", "黄色",
                                       "蓝色", "预警", "["};
    const char *from = NULL;
    const char *to = NULL;

    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        const char *verb = strstr(headline, verbs[i]);
        if (verb && (!from || verb < from))
            from = verb + strlen(verbs[i]);
    }
    for (size_t i = 0; from && i < sizeof ends / sizeof ends[0]; i++) {
        const char *end = strstr(from, ends[i]);
        if (end && (!to || end < to))
            to = end;
    }
    if (!to || to == from || (size_t)(to - from) >= CAP_EVENT_BYTES)
        return false;
    snprintf(out, CAP_EVENT_BYTES, "%.*s", (int)(to - from), from);
    return true;
}

void cap_words_event(const char *code, const char *headline,
                     char out[CAP_EVENT_BYTES])
{
    const char *name = cap_event_name(code);

    if (name)
        snprintf(out, CAP_EVENT_BYTES, "%s", name);
    else if (!find_event(headline, out))
        snprintf(out, CAP_EVENT_BYTES, "突发事件");
}
