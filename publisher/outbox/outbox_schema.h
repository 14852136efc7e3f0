/* All tables of the outbox's file and the migration from older versions:
 * messages and their numbers (outbox.h), sent alerts (sent_alerts.h), what
 * screens said of them (kept_receipts.h) and imported CAP files (cap/cap_state.h). */
#ifndef GAOSHI_PUBLISHER_OUTBOX_SCHEMA_H
#define GAOSHI_PUBLISHER_OUTBOX_SCHEMA_H

#include "base/sqlite.h"

/* Creates missing tables and migrates an older file. A file of a newer version
 * is refused. */
bool outbox_schema_prepare(const struct sqlite_file *file,
                           struct problem *problem);

/* True for a file of this version, which can be read without writing to it. */
bool outbox_schema_is_current(const struct sqlite_file *file);

#endif
