/* The routes of the console: who may ask what, and which command of
 * gaoshi-publish it becomes. */
#ifndef GAOSHI_PUBLISHER_API_H
#define GAOSHI_PUBLISHER_API_H

#include "publisher/console/approvals.h"
#include "publisher/console/attempts.h"
#include "publisher/console/http.h"
#include "publisher/console/journal.h"
#include "publisher/console/painter.h"
#include "publisher/console/passwords.h"
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
    struct password_checker *checker; /* NULL: without accounts, by tokens */
    void (*entered)(void *context);   /* a token was used up */
    void *context;
    struct sessions sessions;
    struct accounts_file accounts;
    struct attempts attempts; /* to log in */
    struct approvals approvals;
    unsigned uploads, drafts; /* files that were made in the folder */
};

/* Ends logins and requests for a second person whose time is over, and reads
 * the accounts again when they changed; api_handle does it, too. */
void api_review(struct api *api, int64_t now_ms);

/* Releases the fields that are not borrowed. What waits for a second person
 * ends. */
void api_finish(struct api *api);

/* For http_options. */
void api_handle(void *context, struct http_request *request);
bool api_takes_pictures(const char *path);

#endif
