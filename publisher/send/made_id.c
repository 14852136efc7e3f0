/* The stem, the time, and letters that nobody else has. */
#include "publisher/send/made_id.h"

#include "base/clock.h"
#include "base/timestamp.h"

#include <stdint.h>
#include <stdio.h>
#include <sys/random.h>

enum { TAIL_LETTERS = 4 };

/* Two operators who make a message in the same minute must not choose the same
 * id, because one message would replace the other. Four of these 25 letters
 * give 390,625 ids a minute. None of the letters is easily misheard on the
 * telephone. */
static bool make_tail(char out[TAIL_LETTERS + 1], struct problem *problem)
{
    static const char letters[] = "acdefghjkmnpqrtuvwxy34679";
    uint32_t random[TAIL_LETTERS];

    if (getrandom(random, sizeof random, 0) != sizeof random)
        return problem_set(problem, PROBLEM_SYSTEM,
                           "no random numbers for a name: give --id");
    for (size_t i = 0; i < TAIL_LETTERS; i++)
        out[i] = letters[random[i] % (sizeof letters - 1)];
    out[TAIL_LETTERS] = '\0';
    return true;
}

bool made_id(const char *stem, char out[MADE_ID_BYTES], struct problem *problem)
{
    int64_t now_ms = clock_wall_ms();
    struct civil_time now = timestamp_civil(now_ms,
                                            clock_utc_offset_minutes(now_ms));
    char tail[TAIL_LETTERS + 1];

    if (!make_tail(tail, problem))
        return false;
    int length = snprintf(out, MADE_ID_BYTES, "%s-%04d%02d%02d-%02d%02d-%s",
                          stem, now.year, now.month, now.day, now.hour,
                          now.minute, tail);
    return (length > 0 && length < MADE_ID_BYTES) ||
           problem_set(problem, PROBLEM_FIELD,
                       "the template's name is too long for an id: give --id");
}
