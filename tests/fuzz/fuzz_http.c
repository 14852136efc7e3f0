/* Any bytes through a connection to the console: what is not of this host, too
 * long or of another page never comes to the routes; cookies, queries and JSON
 * of what comes are read without a fault. */
#include "tests/fuzz/check.h"

#include "base/clock.h"
#include "publisher/console/http.h"
#include "publisher/console/sessions.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

/* Turns without anything new, after which the input is taken as read. */
enum { TURNS = 4, ANSWER_BYTES = 64 * 1024 };

static struct http *http;
static struct sessions sessions = {.idle_ms = SESSION_IDLE_MS};

static bool takes_pictures(const char *path)
{
    return strcmp(path, "/api/upload") == 0;
}

static void read_parts(const struct http_request *request)
{
    const char *names[] = {"token", "screen", "page", "id", "scope"};
    const struct login *login =
        sessions_find(&sessions, http_cookie(request, "gaoshi-console"),
                      clock_monotonic_ms());

    FUZZ_CHECK(!login || login->cookie[0] != '\0');
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = http_query(request, names[i]);
        FUZZ_CHECK(!value || strlen(value) < HTTP_HEADER_BYTES);
    }
    if (login)
        login_is_checked(login, http_header(request, "X-Gaoshi-Check"));
}

static void read_body(const struct http_request *request)
{
    FUZZ_CHECK(request->body[request->body_bytes] == '\0');
    FUZZ_CHECK(
        request->body_bytes <=
        (takes_pictures(request->path) ? HTTP_PICTURE_BYTES : HTTP_BODY_BYTES));
    json_t *asked = json_loadb(request->body, request->body_bytes,
                               JSON_REJECT_DUPLICATES, NULL);
    json_decref(asked);
}

static void handle(void *context, struct http_request *request)
{
    char from[ADDRESS_BYTES];

    (void)context;
    FUZZ_CHECK(http_is_own_host(http, http_header(request, "Host")));
    const char *site = http_header(request, "Sec-Fetch-Site");
    FUZZ_CHECK(!site || strcmp(site, "cross-site") != 0);
    http_from(request, from);
    FUZZ_CHECK(strcmp(from, "127.0.0.1") == 0);
    read_parts(request);
    read_body(request);
    if (strcmp(request->path, "/api/events") == 0)
        http_answer_stream(request, 1);
    else
        http_answer_problem(request, 422, "x", "y");
    http_end_streams(http, 1);
}

static void open_once(void)
{
    static struct listen_address address;
    static const char *const names[] = {"console.example"};
    const struct account li = {.name = "li", .roles = ROLE_ALL};
    struct problem problem = {0};

    if (http)
        return;
    listen_address_local(0, &address);
    const struct http_options options = {.address = &address,
                                         .names = names,
                                         .name_count = 1,
                                         .takes_pictures = takes_pictures,
                                         .handle = handle};
    FUZZ_CHECK(http_open(&options, &http, &problem));
    struct login *login = sessions_open(&sessions, &li, clock_monotonic_ms());
    FUZZ_CHECK(login);
    /* The seeds know it. */
    memset(login->cookie, 'c', SESSION_SECRET_BYTES - 1);
}

static int connect_to(void)
{
    struct listen_address address;
    const struct linger at_once = {.l_onoff = 1};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    listen_address_local(http_port(http), &address);
    FUZZ_CHECK(fd >= 0);
    /* Otherwise the ports of closed connections would run out. */
    FUZZ_CHECK(
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0);
    FUZZ_CHECK(connect(fd, (const struct sockaddr *)&address.socket,
                       address.socket_bytes) == 0 ||
               errno == EINPROGRESS);
    return fd;
}

/* Nothing that was sent is sent back as a header or a page. */
static void check_answer(const char *answer, size_t bytes)
{
    FUZZ_CHECK(bytes < 9 || strncmp(answer, "HTTP/1.", 7) == 0);
    FUZZ_CHECK(!strcasestr(answer, "\nset-cookie:"));
    FUZZ_CHECK(!strcasestr(answer, "text/html\r\n\r\n<script"));
}

/* The input without its first byte, in pieces of the size that the byte says;
 * «:PORT» in it, with a NUL, stands for the port. */
static char *text_of(const uint8_t *data, size_t size, size_t *bytes)
{
    char *text = malloc(size + 8), port[8];
    const char *mark = size > 4 ? memmem(data, size, ":PORT", 5) : NULL;
    size_t before = mark ? (size_t)(mark - (const char *)data) : size;

    FUZZ_CHECK(text);
    memcpy(text, data, before);
    *bytes = before;
    if (!mark)
        return text;
    snprintf(port, sizeof port, ":%d", http_port(http));
    memcpy(text + before, port, strlen(port));
    *bytes += strlen(port);
    memcpy(text + *bytes, data + before + 5, size - before - 5);
    *bytes += size - before - 5;
    return text;
}

static void talk(int fd, const char *text, size_t bytes, size_t piece)
{
    char answer[ANSWER_BYTES];
    size_t sent = 0, got = 0;

    for (int quiet = 0; quiet < TURNS; quiet++) {
        size_t left = bytes - sent < piece ? bytes - sent : piece;
        ssize_t out = left > 0 ? send(fd, text + sent, left, MSG_NOSIGNAL) : 0;
        if (out > 0) {
            sent += (size_t)out;
            quiet = 0;
        }
        http_run(http, clock_monotonic_ms());
        ssize_t in = recv(fd, answer + got, sizeof answer - 1 - got, 0);
        if (in > 0) {
            got += (size_t)in;
            quiet = 0;
        }
    }
    answer[got] = '\0';
    check_answer(answer, got);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t bytes = 0;

    if (size < 2)
        return 0;
    open_once();
    int fd = connect_to();
    char *text = text_of(data + 1, size - 1, &bytes);
    talk(fd, text, bytes, data[0] < 16 ? 7 : 4096);
    free(text);
    close(fd);
    /* The other side notices that it is gone. */
    for (int i = 0; i < TURNS; i++)
        http_run(http, clock_monotonic_ms());
    return 0;
}
