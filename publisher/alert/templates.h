/* Texts and defaults for the common events, from data/alerts/templates.json.
 */
#ifndef GAOSHI_PUBLISHER_TEMPLATES_H
#define GAOSHI_PUBLISHER_TEMPLATES_H

#include "protocol/alert.h"

#include <jansson.h>

/* What a template gave an alert. */
struct template_use {
    char name[LIMIT_IDENTIFIER_BYTES +
              1]; /* of the template; "": there is none */
    int hours;    /* how long such an alert lasts; 0: not known */
};

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

/* Sets the fields of the template that has this name or this event («flood»,
 * «洪水») for the level of the alert object. Texts of another event or level
 * that the template does not have are removed. */
bool templates_apply(const struct templates *templates, const char *name,
                     json_t *alert, struct template_use *use,
                     struct problem *problem);

/* Calls back for each template with its name and its event. */
void templates_each(const struct templates *templates,
                    void (*each)(void *context, const char *name,
                                 const char *event),
                    void *context);

/* What --description must contain for this template; NULL: it is not needed. */
const char *templates_needed_description(const struct templates *templates,
                                         const char *name);

#endif
