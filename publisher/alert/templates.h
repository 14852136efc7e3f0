/* Texts and defaults for the common events, from data/alerts/templates.json.
 */
#ifndef GAOSHI_PUBLISHER_TEMPLATES_H
#define GAOSHI_PUBLISHER_TEMPLATES_H

#include "protocol/alert.h"

#include <jansson.h>

/* Zeroed is empty. */
struct templates {
    json_t *root;
    char *file;
};

/* Reads them from the folder (which contains data/alerts), otherwise from
 * ../share/gaoshi beside this program. */
bool templates_read(const char *folder, struct templates *out,
                    struct problem *problem);
void templates_finish(struct templates *templates);

/* Sets the template's fields for the level of the alert object. Texts of
 * another event or level that the template does not have are removed. *hours is
 * how long such an alert lasts. */
bool templates_apply(const struct templates *templates, const char *name,
                     json_t *alert, int *hours, struct problem *problem);

/* What --description must contain for this template; NULL: it is not needed. */
const char *templates_needed_description(const struct templates *templates,
                                         const char *name);

#endif
