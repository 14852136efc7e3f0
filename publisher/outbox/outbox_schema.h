/* All tables of the outbox's file, and how a file of an older version gets
 * them: the messages and their numbers (outbox.h), the alerts that were sent
 * (sent_alerts.h) and the CAP files that were imported (cap/cap_state.h). */
#ifndef GAOSHI_PUBLISHER_OUTBOX_SCHEMA_H
#define GAOSHI_PUBLISHER_OUTBOX_SCHEMA_H

#include "base/sqlite.h"

/* Makes the tables that are missing and brings an older file up to date. A file
 * of a newer version is refused. */
bool outbox_schema_prepare(const struct sqlite_file *file,
                           struct problem *problem);

/* True for a file of this version, which need not be written to be read. */
bool outbox_schema_is_current(const struct sqlite_file *file);

#endif
