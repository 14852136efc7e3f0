/* Looks at the line once a turn and tells what changed. */
#include "display/edge/line_watch.h"

#include <string.h>

#include "display/edge/log.h"

void line_watch(struct display *display, const struct moment *now)
{
    struct inbox_line line = inbox_line(display->inbox);
    struct inbox_losses losses = inbox_losses(display->inbox);
    const struct inbox_line *before = &display->line;
    bool came = line.ups != before->ups;
    bool went = line.downs != before->downs;

    if (line.denials != before->denials)
        log_write(LOG_ERROR,
                  "subscriber: the broker refuses '%s'; nothing will come "
                  "from there",
                  line.denied);
    if (line.up != before->up)
        display->line_changed_ms = now->mono_ms;
    /* While it tries to come up, the same reason is told once. */
    if (went && (came || before->up || strcmp(line.reason, before->reason)))
        reporter_line(&display->reporter, false, line.reason, now);
    if (came && line.up)
        reporter_line(&display->reporter, true, NULL, now);
    if (losses.ordinary + losses.alerts + losses.topics !=
        display->losses.ordinary + display->losses.alerts +
            display->losses.topics)
        log_write(losses.alerts > display->losses.alerts ? LOG_ERROR
                                                         : LOG_WARNING,
                  "inbox: full; %lu panels, %lu alerts, %lu with a topic too "
                  "long were lost so far",
                  losses.ordinary, losses.alerts, losses.topics);
    display->line = line;
    display->losses = losses;
}
