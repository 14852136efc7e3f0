/* The file of the inventory. */
#ifndef GAOSHI_PUBLISHER_INVENTORY_FILE_H
#define GAOSHI_PUBLISHER_INVENTORY_FILE_H

#include "publisher/fleet/inventory.h"

/* Reads it. On success the caller finishes *out. */
bool inventory_load(const char *path, struct inventory *out,
                    struct problem *problem);

/* Adds a row at the end, in the form that the file has; makes a file that is
 * not there, with a byte order mark so that every spreadsheet takes it for
 * UTF-8. *added is false for a screen that stands in it already: then nothing
 * changes. */
bool inventory_append(const char *path, const struct inventory_screen *screen,
                      bool *added, struct problem *problem);

#endif
