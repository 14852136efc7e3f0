/* The routes of the console: who may ask what, and which command of
 * gaoshi-publish it becomes. */
#ifndef GAOSHI_PUBLISHER_API_H
#define GAOSHI_PUBLISHER_API_H

#include "publisher/console/http.h"
#include "publisher/console/journal.h"
#include "publisher/console/painter.h"
#include "publisher/console/runs.h"
#include "publisher/console/sessions.h"
#include "publisher/console/shapes.h"
#include "publisher/console/site.h"
#include "publisher/console/wall.h"

enum {
    /* Pictures that were dropped on the page, until the console ends. */
    API_UPLOADS_MAX = 200,
};

/* Everything is borrowed but the last fields. */
struct api {
    const struct options *options;
    const struct site *site;
    const struct shapes *shapes;
    const json_t *templates; /* of alerts */
    const char *who;         /* of the operator at this machine */
    const char *folder;      /* for drafts and uploads */
    const char *pictures;    /* in it: pictures of panels by their digest */
    struct http *http;
    struct runs *runs;
    struct painter *painter;
    struct wall *wall;
    struct journal *journal;
    void (*entered)(void *context); /* a token was used up */
    void *context;
    struct sessions sessions;
    unsigned uploads, drafts; /* files that were made in the folder */
};

/* For http_options. */
void api_handle(void *context, struct http_request *request);
bool api_takes_pictures(const char *path);

#endif
