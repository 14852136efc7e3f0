/* Connections, requests, answers and streams of events. */
#include "publisher/console/http.h"

#include "base/clock.h"
#include "base/translate.h"

#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

/* A comment goes to quiet streams, so that those that are gone are noticed. */
enum { QUIET_MS = 15000, SWEEP_MS = 1000, ANSWER_HEADERS_MAX = 8 };
/* The address, «localhost», and the names, each perhaps without its port, too.
 */
enum { HOSTS_MAX = 2 * (HTTP_NAMES_MAX + 2) };

#define TLS_PRIORITIES                                                         \
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE"

/* What the page may load and do: its own files and nothing else. */
static const char *const fixed_headers[][2] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' "
     "blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
     "frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
};

/* A connection of a browser. */
struct peer {
    MHD_socket socket;
    int64_t since_ms; /* when it came, or its last answer was given */
    bool is_served;   /* a whole request of it is being answered */
    struct peer *next;
};

/* A request, from its first line to its end. */
struct exchange {
    struct http_request request; /* first: whoever handles it knows only this */
    struct MHD_Connection *connection;
    struct peer *peer; /* NULL: no memory for one */
    char *path;
    char *body;
    size_t room;
    unsigned refused; /* status of a request that is not taken in; 0: taken */
    bool is_handled;
    bool is_suspended;
    struct MHD_Response *response; /* NULL: none yet */
    unsigned status;
    char *headers[ANSWER_HEADERS_MAX][2];
    size_t header_count;
    struct exchange *next;
};

struct stream {
    struct http *http;
    struct MHD_Connection *connection;
    char *text; /* what was not fetched yet */
    size_t bytes, room;
    bool is_suspended, is_over;
    uint64_t owner;
    int64_t told_ms;
    struct stream *next;
};

struct http {
    struct http_options options;
    struct MHD_Daemon *daemon;
    int fd, port;
    char *hosts[HOSTS_MAX]; /* what may stand in `Host` */
    size_t host_count;
    struct exchange *exchanges;
    struct stream *streams;
    struct peer *peers;
    int64_t swept_ms;
};

static struct exchange *exchange_of(struct http_request *request)
{
    return (struct exchange *)request;
}

static void exchange_free(struct exchange *exchange)
{
    struct exchange **at = &exchange->request.http->exchanges;

    while (*at && *at != exchange)
        at = &(*at)->next;
    if (*at)
        *at = exchange->next;
    if (exchange->response)
        MHD_destroy_response(exchange->response);
    for (size_t i = 0; i < exchange->header_count; i++) {
        free(exchange->headers[i][0]);
        free(exchange->headers[i][1]);
    }
    free(exchange->path);
    free(exchange->body);
    free(exchange);
}

const char *http_query(const struct http_request *request, const char *name)
{
    const struct exchange *exchange = (const struct exchange *)request;

    return MHD_lookup_connection_value(exchange->connection,
                                       MHD_GET_ARGUMENT_KIND, name);
}

const char *http_header(const struct http_request *request, const char *name)
{
    const struct exchange *exchange = (const struct exchange *)request;

    return MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND,
                                       name);
}

const char *http_cookie(const struct http_request *request, const char *name)
{
    const struct exchange *exchange = (const struct exchange *)request;

    return MHD_lookup_connection_value(exchange->connection, MHD_COOKIE_KIND,
                                       name);
}

void http_from(const struct http_request *request, char out[ADDRESS_BYTES])
{
    const struct exchange *exchange = (const struct exchange *)request;
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(
        exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

    address_print(info ? info->client_addr : NULL, out);
}

void http_add_header(struct http_request *request, const char *name,
                     const char *value)
{
    struct exchange *exchange = exchange_of(request);
    char **pair = exchange->headers[exchange->header_count];

    if (exchange->header_count == ANSWER_HEADERS_MAX)
        return;
    pair[0] = strdup(name);
    pair[1] = strdup(value);
    exchange->header_count++;
}

static void set_headers(struct exchange *exchange)
{
    struct MHD_Response *response = exchange->response;

    for (size_t i = 0; i < sizeof fixed_headers / sizeof fixed_headers[0]; i++)
        MHD_add_response_header(response, fixed_headers[i][0],
                                fixed_headers[i][1]);
    if (!MHD_get_response_header(response, "Cache-Control"))
        MHD_add_response_header(response, "Cache-Control", "no-store");
    for (size_t i = 0; i < exchange->header_count; i++)
        if (exchange->headers[i][0] && exchange->headers[i][1]) {
            MHD_del_response_header(response, exchange->headers[i][0],
                                    "no-store");
            MHD_add_response_header(response, exchange->headers[i][0],
                                    exchange->headers[i][1]);
        }
}

/* Takes the response; NULL: no memory, and the connection is closed. */
static void finish(struct exchange *exchange, unsigned status, const char *type,
                   struct MHD_Response *response)
{
    exchange->status = status;
    exchange->response = response;
    if (response) {
        MHD_add_response_header(response, "Content-Type", type);
        set_headers(exchange);
    }
    if (exchange->is_suspended) {
        exchange->is_suspended = false;
        MHD_resume_connection(exchange->connection);
    }
}

void http_answer(struct http_request *request, unsigned status,
                 const char *type, const void *bytes, size_t size)
{
    finish(exchange_of(request), status, type,
           MHD_create_response_from_buffer(
               size, (void *)(uintptr_t)(size > 0 ? bytes : ""),
               MHD_RESPMEM_MUST_COPY));
}

void http_answer_json(struct http_request *request, unsigned status,
                      json_t *body)
{
    char *text = body ? json_dumps(body, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;

    json_decref(body);
    if (text)
        http_answer(request, status, "application/json", text, strlen(text));
    else
        http_answer(request, 500, "text/plain", "out of memory\n", 14);
    free(text);
}

void http_answer_problem(struct http_request *request, unsigned status,
                         const char *field, const char *text)
{
    http_answer_json(request, status,
                     json_pack("{s:{s:s, s:s}}", "problem", "field", field,
                               "text", tr(text)));
}

static void stream_free(void *context)
{
    struct stream *stream = context;
    struct stream **at = &stream->http->streams;

    while (*at && *at != stream)
        at = &(*at)->next;
    if (*at)
        *at = stream->next;
    free(stream->text);
    free(stream);
}

static ssize_t stream_read(void *context, uint64_t position, char *out,
                           size_t most)
{
    struct stream *stream = context;

    (void)position;
    if (stream->is_over)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (stream->bytes == 0) {
        stream->is_suspended = true;
        MHD_suspend_connection(stream->connection);
        return 0;
    }
    size_t part = stream->bytes < most ? stream->bytes : most;
    memcpy(out, stream->text, part);
    stream->bytes -= part;
    memmove(stream->text, stream->text + part, stream->bytes);
    return (ssize_t)part;
}

static void stream_resume(struct stream *stream)
{
    if (!stream->is_suspended)
        return;
    stream->is_suspended = false;
    MHD_resume_connection(stream->connection);
}

static void stream_put(struct stream *stream, const char *text, int64_t now_ms)
{
    size_t length = strlen(text);

    stream->told_ms = now_ms;
    if (stream->bytes + length > stream->room) {
        size_t room = 2 * (stream->bytes + length);
        char *grown = stream->bytes + length > HTTP_STREAM_BYTES
                          ? NULL
                          : realloc(stream->text, room);
        if (!grown) { /* the browser connects again, and asks for all of it */
            stream->is_over = true;
            stream_resume(stream);
            return;
        }
        stream->text = grown;
        stream->room = room;
    }
    memcpy(stream->text + stream->bytes, text, length);
    stream->bytes += length;
    stream_resume(stream);
}

void http_answer_stream(struct http_request *request, uint64_t owner)
{
    struct exchange *exchange = exchange_of(request);
    struct http *http = request->http;

    if (http_streams(http) >= HTTP_STREAMS_MAX) {
        http_answer_problem(request, 503, "", "too many pages are open");
        return;
    }
    struct stream *stream = calloc(1, sizeof *stream);
    struct MHD_Response *response =
        stream ? MHD_create_response_from_callback(
                     MHD_SIZE_UNKNOWN, 4096, stream_read, stream, stream_free)
               : NULL;
    if (!response) {
        free(stream);
        http_answer_json(request, 500, NULL);
        return;
    }
    *stream = (struct stream){.http = http,
                              .connection = exchange->connection,
                              .owner = owner,
                              .next = http->streams};
    http->streams = stream;
    stream_put(stream, ": open\n\n", clock_monotonic_ms());
    finish(exchange, 200, "text/event-stream", response);
}

void http_end_streams(struct http *http, uint64_t owner)
{
    for (struct stream *stream = http->streams; stream; stream = stream->next)
        if (stream->owner == owner) {
            stream->is_over = true;
            stream_resume(stream);
        }
}

void http_tell(struct http *http, const char *event, json_t *data)
{
    char *json = data ? json_dumps(data, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    char *text = NULL;
    int64_t now_ms = clock_monotonic_ms();

    json_decref(data);
    if (json && asprintf(&text, "event: %s\ndata: %s\n\n", event, json) >= 0) {
        for (struct stream *stream = http->streams; stream;
             stream = stream->next)
            stream_put(stream, text, now_ms);
        free(text);
    }
    free(json);
}

size_t http_streams(const struct http *http)
{
    size_t count = 0;

    for (const struct stream *stream = http->streams; stream;
         stream = stream->next)
        count++;
    return count;
}

bool http_is_own_host(const struct http *http, const char *host)
{
    for (size_t i = 0; host && i < http->host_count; i++)
        if (strcasecmp(host, http->hosts[i]) == 0)
            return true;
    return false;
}

static const char *scheme_of(const struct http *http)
{
    return http->options.certificate ? "https://" : "http://";
}

void http_print_origin(const struct http *http, char *out, size_t size)
{
    snprintf(out, size, "%s%s", scheme_of(http), http->hosts[0]);
}

/* Browsers say where a request comes from; what says nothing of it is no
 * browser, and has no cookie of one. */
static bool is_own_origin(const struct http *http,
                          const struct http_request *request)
{
    const char *origin = http_header(request, "Origin");
    const char *site = http_header(request, "Sec-Fetch-Site");
    size_t scheme = strlen(scheme_of(http));

    return (!origin || (strncmp(origin, scheme_of(http), scheme) == 0 &&
                        http_is_own_host(http, origin + scheme))) &&
           (!site || strcmp(site, "same-origin") == 0 ||
            (!request->is_post && strcmp(site, "none") == 0));
}

/* 0: it is taken in. */
static unsigned refusal(const struct http *http,
                        const struct http_request *request, const char *method)
{
    const char *length = http_header(request, "Content-Length");
    size_t most = http->options.takes_pictures(request->path)
                      ? HTTP_PICTURE_BYTES
                      : HTTP_BODY_BYTES;

    if (!http_is_own_host(http, http_header(request, "Host")))
        return 421;
    if (strcmp(method, "GET") != 0 && strcmp(method, "POST") != 0)
        return 405;
    if (!is_own_origin(http, request))
        return 403;
    if (request->is_post && !length)
        return 411;
    if (!request->is_post && (length && strcmp(length, "0") != 0))
        return 413;
    if (!request->is_post && http_header(request, "Transfer-Encoding"))
        return 413;
    return length && strtoull(length, NULL, 10) > most ? 413 : 0;
}

static const char *words_of(unsigned status)
{
    switch (status) {
    case 403:
        return "refused: the request comes from another page\n";
    case 405:
        return "refused: GET and POST alone\n";
    case 411:
        return "refused: its length is not told\n";
    case 413:
        return "refused: too large\n";
    default:
        return "refused: this is not the address of the console\n";
    }
}

static struct peer *peer_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info ? info->socket_context : NULL;
}

static enum MHD_Result begin(struct http *http,
                             struct MHD_Connection *connection,
                             const char *path, const char *method,
                             void **context)
{
    struct exchange *exchange = calloc(1, sizeof *exchange);
    char *copy = strdup(path);

    if (!exchange || !copy) {
        free(exchange);
        free(copy);
        return MHD_NO;
    }
    exchange->path = copy;
    exchange->connection = connection;
    exchange->peer = peer_of(connection);
    exchange->request = (struct http_request){
        .http = http,
        .path = copy,
        .is_post = strcmp(method, "POST") == 0,
        .body = "",
    };
    exchange->next = http->exchanges;
    http->exchanges = exchange;
    *context = exchange;
    exchange->refused = refusal(http, &exchange->request, method);
    if (exchange->refused == 0)
        return MHD_YES;
    const char *words = words_of(exchange->refused);
    http_add_header(&exchange->request, "Connection", "close");
    http_answer(&exchange->request, exchange->refused, "text/plain", words,
                strlen(words));
    return exchange->response
               ? MHD_queue_response(connection, exchange->refused,
                                    exchange->response)
               : MHD_NO;
}

/* The length was told, so there is never more than that. */
static bool take_body(struct exchange *exchange, const char *data, size_t bytes)
{
    size_t needed = exchange->request.body_bytes + bytes + 1;

    if (needed > HTTP_PICTURE_BYTES + 1)
        return false;
    if (needed > exchange->room) {
        size_t room = 2 * needed;
        char *grown = realloc(exchange->body, room);
        if (!grown)
            return false;
        exchange->body = grown;
        exchange->room = room;
    }
    memcpy(exchange->body + exchange->request.body_bytes, data, bytes);
    exchange->request.body_bytes += bytes;
    exchange->body[exchange->request.body_bytes] = '\0';
    exchange->request.body = exchange->body;
    return true;
}

static enum MHD_Result access_handler(void *context,
                                      struct MHD_Connection *connection,
                                      const char *url, const char *method,
                                      const char *version, const char *data,
                                      size_t *bytes, void **state)
{
    struct http *http = context;
    struct exchange *exchange = *state;

    (void)version;
    if (!exchange)
        return begin(http, connection, url, method, state);
    if (exchange->refused != 0) {
        *bytes = 0;
        return MHD_YES;
    }
    if (*bytes > 0) {
        bool taken = take_body(exchange, data, *bytes);
        *bytes = 0;
        return taken ? MHD_YES : MHD_NO;
    }
    if (!exchange->is_handled) {
        exchange->is_handled = true;
        if (exchange->peer)
            exchange->peer->is_served = true;
        http->options.handle(http->options.context, &exchange->request);
        if (!exchange->response && exchange->status == 0) {
            exchange->is_suspended = true;
            MHD_suspend_connection(connection);
            return MHD_YES;
        }
    }
    return exchange->response ? MHD_queue_response(connection, exchange->status,
                                                   exchange->response)
                              : MHD_NO;
}

static void on_completed(void *context, struct MHD_Connection *connection,
                         void **state, enum MHD_RequestTerminationCode how)
{
    struct exchange *exchange = *state;

    (void)context, (void)connection, (void)how;
    if (!exchange)
        return;
    if (exchange->peer) {
        exchange->peer->is_served = false;
        exchange->peer->since_ms = clock_monotonic_ms();
    }
    exchange_free(exchange);
    *state = NULL;
}

static void on_connection(void *context, struct MHD_Connection *connection,
                          void **state, enum MHD_ConnectionNotificationCode how)
{
    struct http *http = context;

    if (how == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(
            connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        struct peer *peer = info ? calloc(1, sizeof *peer) : NULL;
        *state = peer;
        if (!peer)
            return;
        *peer = (struct peer){.socket = info->connect_fd,
                              .since_ms = clock_monotonic_ms(),
                              .next = http->peers};
        http->peers = peer;
        return;
    }
    struct peer **at = &http->peers;
    while (*at && *at != *state)
        at = &(*at)->next;
    if (*at)
        *at = (*at)->next;
    free(*state);
    *state = NULL;
}

/* Whoever does not finish a request in time is cut, however slowly and steadily
 * its bytes come. */
static void sweep(struct http *http, int64_t now_ms)
{
    if (now_ms < http->swept_ms + SWEEP_MS)
        return;
    http->swept_ms = now_ms;
    for (struct peer *peer = http->peers; peer; peer = peer->next)
        if (!peer->is_served && now_ms >= peer->since_ms + HTTP_REQUEST_MS)
            shutdown(peer->socket, SHUT_RDWR);
    for (struct stream *stream = http->streams; stream; stream = stream->next)
        if (now_ms >= stream->told_ms + QUIET_MS)
            stream_put(stream, ": quiet\n\n", now_ms);
}

int64_t http_run(struct http *http, int64_t now_ms)
{
    MHD_UNSIGNED_LONG_LONG wait_ms;

    sweep(http, now_ms);
    MHD_run(http->daemon);
    int64_t next_ms = http->swept_ms + SWEEP_MS;
    if (MHD_get_timeout(http->daemon, &wait_ms) == MHD_YES &&
        now_ms + (int64_t)wait_ms < next_ms)
        next_ms = now_ms + (int64_t)wait_ms;
    return next_ms;
}

static void hush(void *context, const char *format, va_list arguments)
{
    (void)context, (void)format, (void)arguments;
}

/* A port that is still in use is told by name. */
static int listen_on(const struct listen_address *address,
                     struct problem *problem)
{
    int on = 1;
    int fd = socket(address->socket.ss_family,
                    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd >= 0 &&
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        bind(fd, (const struct sockaddr *)&address->socket,
             address->socket_bytes) == 0 &&
        listen(fd, HTTP_CONNECTIONS_MAX) == 0)
        return fd;
    problem_set(problem, PROBLEM_SYSTEM, "%s: %s", address->host,
                tr_error(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

/* The place of the port is the same for IPv4 and IPv6. */
static int port_of(int listener)
{
    struct sockaddr_storage address = {.ss_family = AF_UNSPEC};
    struct sockaddr_in v4;
    socklen_t size = sizeof address;

    if (getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        return 0;
    memcpy(&v4, &address, sizeof v4);
    return ntohs(v4.sin_port);
}

static struct MHD_Daemon *start_daemon(struct http *http, int listener)
{
    const struct http_options *options = &http->options;
    bool has_tls = options->certificate != NULL;
    const struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)options->certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)options->key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS_PRIORITIES},
        {MHD_OPTION_PER_IP_CONNECTION_LIMIT, HTTP_CONNECTIONS_OF_ONE, NULL},
        {MHD_OPTION_END, 0, NULL}};
    const struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};

    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
            (has_tls ? (unsigned)MHD_USE_TLS : 0),
        0, NULL, NULL, access_handler, http, MHD_OPTION_EXTERNAL_LOGGER, hush,
        NULL, MHD_OPTION_LISTEN_SOCKET, listener, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)HTTP_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)HTTP_HEADER_BYTES, MHD_OPTION_NOTIFY_COMPLETED, on_completed,
        http, MHD_OPTION_NOTIFY_CONNECTION, on_connection, http,
        MHD_OPTION_ARRAY, has_tls ? tls : none, MHD_OPTION_END);
}

static bool add_host(struct http *http, const char *name)
{
    int usual = http->options.certificate ? 443 : 80;
    char *text = NULL;

    if (asprintf(&text, "%s:%d", name, http->port) < 0)
        return false;
    http->hosts[http->host_count++] = text;
    if (http->port != usual)
        return true;
    char *plain = strdup(name);
    if (plain)
        http->hosts[http->host_count++] = plain;
    return plain != NULL;
}

static bool add_hosts(struct http *http)
{
    const struct listen_address *address = http->options.address;

    for (size_t i = 0; i < http->options.name_count; i++)
        if (!add_host(http, http->options.names[i]))
            return false;
    return (address->is_any || add_host(http, address->host)) &&
           (!address->is_loopback || add_host(http, "localhost"));
}

static bool start(struct http *http, struct problem *problem)
{
    int listener = listen_on(http->options.address, problem);

    if (listener < 0)
        return false;
    http->port = port_of(listener);
    if (!add_hosts(http)) {
        close(listener);
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    }
    http->daemon = start_daemon(http, listener);
    if (!http->daemon) {
        close(listener);
        return problem_set(problem, PROBLEM_SYSTEM,
                           http->options.certificate
                               ? "the HTTP library does not start with this "
                                 "certificate and key"
                               : "the HTTP library does not start");
    }
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    http->fd = info ? info->epoll_fd : -1;
    return http->fd >= 0 || problem_set(problem, PROBLEM_SYSTEM,
                                        "the HTTP library does not poll");
}

bool http_has_tls(void)
{
    return MHD_is_feature_supported(MHD_FEATURE_TLS) == MHD_YES;
}

bool http_open(const struct http_options *options, struct http **out,
               struct problem *problem)
{
    struct http *http = calloc(1, sizeof *http);

    if (!http)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    http->options = *options;
    if (!start(http, problem)) {
        http_close(http);
        return false;
    }
    *out = http;
    return true;
}

void http_close(struct http *http)
{
    if (!http)
        return;
    for (struct exchange *exchange = http->exchanges; exchange;
         exchange = exchange->next)
        if (exchange->is_suspended)
            http_answer_problem(&exchange->request, 503, "",
                                "the console ends");
    for (struct stream *stream = http->streams; stream; stream = stream->next) {
        stream->is_over = true;
        stream_resume(stream);
    }
    if (http->daemon) {
        MHD_run(http->daemon);
        MHD_stop_daemon(http->daemon);
    }
    for (size_t i = 0; i < http->host_count; i++)
        free(http->hosts[i]);
    free(http);
}

int http_port(const struct http *http)
{
    return http->port;
}

int http_fd(const struct http *http)
{
    return http->fd;
}
