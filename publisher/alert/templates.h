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

/* From DIR (which holds data/alerts), else ../share/gaoshi beside this
 * program, else the source tree. */
bool templates_read(const char *folder, struct templates *out,
                    struct problem *problem);
void templates_finish(struct templates *templates);

/* Sets the fields that the template has for the level of the alert object.
 * Texts of another event or level are removed where the template has none.
 * *hours is how long such an alert lasts. */
bool templates_apply(const struct templates *templates, const char *name,
                     json_t *alert, int *hours, struct problem *problem);

/* What --description must say with this template; NULL: the template needs
 * none. */
const char *templates_needed_description(const struct templates *templates,
                                         const char *name);

#endif
