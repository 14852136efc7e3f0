/* Checks words of the command line. */
#include "publisher/alert/alert_words.h"

#include <string.h>

static bool is_among(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(word, *words) == 0)
            return true;
    return false;
}

const char *alert_words_response(const char *typed)
{
    static const char *const levels[][3] = {
        {"Ⅰ", "I", "1"}, {"Ⅱ", "II", "2"}, {"Ⅲ", "III", "3"}, {"Ⅳ", "IV", "4"}};
    static const char suffix[] = "级";
    size_t length = strlen(typed);
    size_t behind = sizeof suffix - 1;

    if (length > behind && strcmp(typed + length - behind, suffix) == 0)
        length -= behind;
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
        for (size_t k = 0; k < 3; k++)
            if (strlen(levels[i][k]) == length &&
                memcmp(typed, levels[i][k], length) == 0)
                return levels[i][0];
    return NULL;
}

bool alert_words_check(const struct options *options, struct problem *problem)
{
    static const char *const levels[] = {"red", "orange", "yellow", "blue",
                                         NULL};
    static const char *const urgencies[] = {"immediate", "expected", "future",
                                            "past",      "unknown",  NULL};
    static const char *const certainties[] = {"observed", "likely",  "possible",
                                              "unlikely", "unknown", NULL};
    const struct {
        const char *flag, *value;
        const char *const *words;
        const char *expected;
    } rows[] = {
        {"level", options->level, levels, "red, orange, yellow or blue"},
        {"urgency", options->urgency, urgencies,
         "immediate, expected, future, past or unknown"},
        {"certainty", options->certainty, certainties,
         "observed, likely, possible, unlikely or unknown"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].value && !is_among(rows[i].value, rows[i].words))
            return problem_set(problem, PROBLEM_FIELD, "--%s '%s': expected %s",
                               rows[i].flag, rows[i].value, rows[i].expected);
    if (options->response_level &&
        !alert_words_response(options->response_level))
        return problem_set(problem, PROBLEM_FIELD,
                           "--response-level '%s': expected Ⅰ, Ⅱ, Ⅲ or Ⅳ, or "
                           "I to IV, or 1 to 4",
                           options->response_level);
    return true;
}
