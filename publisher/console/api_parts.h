/* What several requests need (api_parts.c), who is there (api_login.c), and
 * what waits for a second person (api_approvals.c): for the routes in api.c. */
#ifndef GAOSHI_PUBLISHER_API_PARTS_H
#define GAOSHI_PUBLISHER_API_PARTS_H

#include "publisher/console/api.h"
#include "publisher/send/drafts.h"

static inline struct api *api_of(const struct http_request *request)
{
    return request->session;
}

/* NULL: no text of that name. */
static inline const char *api_text(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

void api_answer_problem(struct http_request *request,
                        const struct problem *problem);
void api_answer_text(struct http_request *request, unsigned status,
                     const char *text);

/* The JSON object of a POST; NULL: it was answered. The caller releases it. */
json_t *api_read_asked(struct http_request *request);

/* Adds an entry to the journal; takes what more it says (NULL: nothing). False:
 * it is not there, and the pages are told. */
bool api_note(struct api *api, const char *who, const char *from,
              const char *what, json_t *more);

/* The text; "" where it is no UTF-8. NULL: no memory. */
json_t *api_utf8(const char *text);

/* --- Pictures ------------------------------------------------------------ */

/* A picture of a body in a shape; body NULL: the page without any message. */
json_t *api_wanted_picture(const struct api *api, const char *body, int shape,
                           int page, int shrink);

/* Takes the request for the helper. */
void api_ask_painter(struct http_request *request, json_t *wanted);

/* Number in a query, from 0 to most; otherwise the fallback. */
int api_number(const char *text, int fallback, int most);

/* --- Alerts -------------------------------------------------------------- */

/* Fields of a request as flags. False: a field that is none of these, or no
 * text. */
bool api_add_flags(struct run_words *words, const json_t *fields,
                   struct problem *problem);

/* The options of the command with these words, as it would read them itself. */
bool api_read_options(const struct api *api, struct run_words *words,
                      struct options *out, struct problem *problem);

/* Whether the level was typed where the alert is an actual one. */
bool api_is_confirmed(const json_t *asked, const json_t *fields,
                      struct problem *problem);

/* The body of a draft as it would be signed. The caller frees it. NULL: the
 * problem says why. */
char *api_body_of(const struct options *options, const struct draft *draft,
                  struct problem *problem);

/* --- Commands ------------------------------------------------------------ */

/* A command that runs for a request. */
struct api_deed {
    struct http_request *request;
    struct api *api;
    char *who;
    char from[ADDRESS_BYTES];
    json_t *words; /* for the journal */
    char *path;    /* of a draft, or of a picture that it makes; NULL: none */
    char *scope;   /* of what it sends; NULL: nothing to follow */
    char *id;      /* likewise */
    bool is_panel; /* likewise */
    bool is_unsigned;                 /* the command does not open the key */
    char approval[APPROVAL_ID_BYTES]; /* that was given; "": none */
    const char *type;                 /* of its output; NULL: a report of it */
};

/* Removes the file and frees its path (NULL: nothing). */
void api_drop_draft(char *path);

/* Takes the words; the deed is a template, whose texts it takes, too. Without
 * an entry in the journal nothing is done. False: it does not run; the request
 * was answered in any case, or will be. */
bool api_run(struct http_request *request, const struct login *login,
             struct run_words *words, const struct api_deed *template);

/* --- Who is there (api_login.c) ------------------------------------------ */

/* NULL: nobody. */
struct login *api_find_login(struct http_request *request, int64_t now_ms);

/* Logs in, where the request wants that: by a token, or by an account. True: it
 * was answered, or will be. */
bool api_enter(struct http_request *request, const struct login *login);

/* Answers whoever is not logged in. */
void api_answer_stranger(struct http_request *request);

void api_post_logout(struct http_request *request, const struct login *login);

/* --- What waits for a second person (api_approvals.c) -------------------- */

/* Whether the alert with these fields waits, or is refused because it would
 * have to: then the request was answered. update: id of the alert that it
 * changes; NULL: it is new, with the id. */
bool api_alert_waits(struct http_request *request, const struct login *login,
                     const json_t *fields, const char *update, const char *id);

/* The same of a cancel. */
bool api_cancel_waits(struct http_request *request, const struct login *login);

void api_get_approvals(struct http_request *request, const struct login *login);
void api_get_approval_picture(struct http_request *request,
                              const struct login *login);
void api_post_confirm(struct http_request *request, const struct login *login);
void api_post_decline(struct http_request *request, const struct login *login);

#endif
