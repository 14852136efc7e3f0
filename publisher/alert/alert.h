/* The commands «alert …». */
#ifndef GAOSHI_PUBLISHER_ALERT_H
#define GAOSHI_PUBLISHER_ALERT_H

#include "publisher/cli/command.h"
#include "publisher/outbox/sent_alerts.h"
#include "publisher/send/drafts.h"
#include "publisher/send/made_id.h"

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

/* The id of a new alert: flood-20210720-1830-k7pm in local time; that of a drill
 * begins with drill-, that of a test with test-. */
bool alert_raise_id(const char *template_name, const char *status,
                    char out[MADE_ID_BYTES], struct problem *problem);

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
