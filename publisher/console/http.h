/* The HTTP side of the console, over GNU libmicrohttpd and its TLS, in the
 * caller's thread.
 *
 * What every request has to fulfil is checked here, before anybody else sees
 * it: the method, the `Host` (so that no other name can be made to point here),
 * where the browser says that it comes from, sizes and times. Cookies, tokens
 * and routes are those of api.h. */
#ifndef GAOSHI_PUBLISHER_HTTP_H
#define GAOSHI_PUBLISHER_HTTP_H

#include "base/problem.h"
#include "publisher/console/listen_address.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HTTP_CONNECTIONS_MAX = 128,
    HTTP_CONNECTIONS_OF_ONE = 32, /* with TLS: from one address */
    HTTP_STREAMS_MAX = 48,
    HTTP_NAMES_MAX = 16,
    HTTP_HEADER_BYTES = 16 * 1024, /* of one request, with all headers */
    HTTP_BODY_BYTES = 256 * 1024,
    HTTP_PICTURE_BYTES = 8 * 1024 * 1024, /* the body of an upload */
    /* From the first byte of a request to its last; also how long a connection
     * may be idle. */
    HTTP_REQUEST_MS = 15000,
    /* What a browser has not fetched yet of its events; then it is cut. */
    HTTP_STREAM_BYTES = 4 * 1024 * 1024,
};

struct http;

struct http_request {
    struct http *http;
    const char *path; /* without the query */
    bool is_post;
    const char *body; /* NUL-terminated; "" for a GET */
    size_t body_bytes;
    void *session; /* set and read by whoever handles it */
};

struct http_options {
    const struct listen_address *address;
    /* PEM: the certificate with its chain, and its key. NULL: without TLS. */
    const char *certificate, *key;
    /* What may stand in `Host` beside the address, without the port. */
    const char *const *names;
    size_t name_count; /* HTTP_NAMES_MAX at most */
    /* Whether the body of this path may have HTTP_PICTURE_BYTES. */
    bool (*takes_pictures)(const char *path);
    /* Must answer it sooner or later by one of the functions below; until then
     * the request is its own. */
    void (*handle)(void *context, struct http_request *request);
    void *context;
};

/* Whether the library can do TLS. */
bool http_has_tls(void);

/* Listens there. On success the caller closes *out. */
bool http_open(const struct http_options *options, struct http **out,
               struct problem *problem);

/* Requests that are not answered get 503. */
void http_close(struct http *http); /* NULL: nothing */

int http_port(const struct http *http);

/* https://HOST:PORT, with the first name that `Host` may have. */
void http_print_origin(const struct http *http, char *out, size_t size);

/* Whether a text may stand in `Host`; NULL: it may not. */
bool http_is_own_host(const struct http *http, const char *host);

/* Readable when http_run has something to do. */
int http_fd(const struct http *http);

/* Serves what is there. Returns the monotonic moment of the next call, if
 * nothing comes before. */
int64_t http_run(struct http *http, int64_t now_ms);

/* Parts of the request; NULL: it has none. Valid until the answer. */
const char *http_query(const struct http_request *request, const char *name);
const char *http_header(const struct http_request *request, const char *name);
const char *http_cookie(const struct http_request *request, const char *name);

/* The caller's address, without the port. */
void http_from(const struct http_request *request, char out[ADDRESS_BYTES]);

/* Adds a header to the answer; before the answer. */
void http_add_header(struct http_request *request, const char *name,
                     const char *value);

/* Each of these answers the request, which is gone then. Bytes are copied; the
 * JSON is taken, NULL means that there was no memory. */
void http_answer(struct http_request *request, unsigned status,
                 const char *type, const void *bytes, size_t size);
void http_answer_json(struct http_request *request, unsigned status,
                      json_t *body);
/* {"problem": {"field": …, "text": …}} */
void http_answer_problem(struct http_request *request, unsigned status,
                         const char *field, const char *text);

/* Keeps the answer open for events (text/event-stream), until
 * http_end_streams of its owner. */
void http_answer_stream(struct http_request *request, uint64_t owner);
void http_end_streams(struct http *http, uint64_t owner);

/* Sends an event to every open stream; takes the JSON. Nothing happens without
 * memory. */
void http_tell(struct http *http, const char *event, json_t *data);

/* How many streams are open. */
size_t http_streams(const struct http *http);

#endif
