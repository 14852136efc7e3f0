/* Notices a line that is dead and does not say so: a router that forgot it, a
 * cable, a broker that hangs. Keep-alive alone takes more than a minute, and
 * a shorter one would have the broker throw out whoever is slow. */
#include "protocol/link/link_state.h"

#include <stdio.h>

enum {
    SILENCE_MS = 1500, /* after so long without a word the broker is asked */
    /* How long its answer may take. Doubled each time that was too short, so
     * that a slow line is not taken for a dead one again and again; as short
     * as before after so many answers in a row that took no longer. */
    PATIENCE_FIRST_MS = 1500,
    PATIENCE_LAST_MS = 24000,
    CALM_ANSWERS = 3,
};

void pulse_begin(struct link *link)
{
    link->heard_ms = link_now_ms();
    link->asked_ms = 0;
    link->calm_answers = 0;
    if (link->patience_ms == 0)
        link->patience_ms = PATIENCE_FIRST_MS;
}

void pulse_heard(struct link *link)
{
    pthread_mutex_lock(&link->lock);
    link->heard_ms = link_now_ms();
    if (link->asked_ms) {
        bool quick = link->heard_ms - link->asked_ms <= PATIENCE_FIRST_MS;
        link->calm_answers = quick ? link->calm_answers + 1 : 0;
    }
    if (link->calm_answers >= CALM_ANSWERS)
        link->patience_ms = PATIENCE_FIRST_MS;
    link->asked_ms = 0;
    pthread_mutex_unlock(&link->lock);
}

int64_t pulse_due_ms(const struct link *link)
{
    return link->asked_ms ? link->asked_ms + link->patience_ms
                          : link->heard_ms + SILENCE_MS;
}

static void lose_patience(struct link *link, char *why, size_t size)
{
    snprintf(why, size, "no answer for %.1f s",
             (double)link->patience_ms / 1e3);
    if (link->patience_ms < PATIENCE_LAST_MS)
        link->patience_ms *= 2;
}

void pulse_turn(struct link *link)
{
    char why[64] = "the connection broke";
    bool silent = link->asked_ms != 0;

    if (silent)
        lose_patience(link, why, sizeof why);
    link->asked_ms = link_now_ms();
    pthread_mutex_unlock(&link->lock);
    if (silent || !link_ask(link))
        line_drop(link, why);
    pthread_mutex_lock(&link->lock);
}
