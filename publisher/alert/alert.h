/* The commands «alert …». */
#ifndef GAOSHI_PUBLISHER_ALERT_H
#define GAOSHI_PUBLISHER_ALERT_H

#include "publisher/cli/command.h"
#include "publisher/outbox/sent_alerts.h"
#include "publisher/send/drafts.h"

enum publish_exit alert_cancel_run(const struct options *options, int count,
                                   char **operands);
enum publish_exit alert_list_run(const struct options *options, int count,
                                 char **operands);
enum publish_exit alert_raise_run(const struct options *options, int count,
                                  char **operands);
enum publish_exit alert_templates_run(const struct options *options, int count,
                                      char **operands);
enum publish_exit alert_update_run(const struct options *options, int count,
                                   char **operands);

/* The draft that «alert raise» makes of flags, with an id where none was given.
 */
bool alert_raise_draft(struct drafts *drafts, const struct options *options,
                       struct problem *problem);

/* The draft by which «alert update» changes an alert that was sent from here,
 * in its scope. */
bool alert_update_draft(struct drafts *drafts, const struct options *options,
                        const struct sent_alert *known,
                        struct problem *problem);

#endif
