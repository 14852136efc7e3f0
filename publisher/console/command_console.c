/* console: serves the page until it is interrupted, on 127.0.0.1 or, with TLS
 * and accounts, on the network. One thread owns everything; libmicrohttpd, the
 * children and the line are polled. Another one compares passwords. */
#include "base/clock.h"
#include "base/files.h"
#include "base/language.h"
#include "base/translate.h"
#include "publisher/alert/templates.h"
#include "publisher/cli/tell.h"
#include "publisher/console/api.h"
#include "publisher/console/console.h"
#include "publisher/keyfile/key_file.h"
#include "publisher/send/send_options.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <poll.h>
#include <pwd.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

enum { POLL_MAX = 4 + RUNS_POLL_MAX + PAINTER_POLL_MAX };

struct console {
    struct options options;
    struct site site;
    struct shapes shapes;
    struct templates templates;
    struct journal journal;
    struct api api;
    char who[SESSION_WHO_BYTES];
    char key_id[LIMIT_KEY_ID_BYTES + 1];
    char folder[64], pictures[80];
    char secret[64]; /* the file of secret_fd */
    int secret_fd;   /* holds the pass-phrase of the key; -1: none */
    int signal_fd;
    struct listen_address address;
    char *certificate, *key; /* PEM; NULL: without TLS */
    char *accounts_file;
};

enum {
    ORIGIN_BYTES = 300,
    ADDRESS_LINE_BYTES = ORIGIN_BYTES + 80,
    CERTIFICATE_BYTES = 256 * 1024, /* of a file with its chain */
};

static void open_browser(const char *address)
{
    char *words[] = {(char[]){"xdg-open"}, (char *)(uintptr_t)address, NULL};
    posix_spawn_file_actions_t actions;
    pid_t child;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    if (posix_spawnp(&child, words[0], &actions, NULL, words, environ) != 0)
        tell_line("no browser was opened: xdg-open cannot be run");
    posix_spawn_file_actions_destroy(&actions);
}

static void make_address(const struct console *console, char *out, size_t size)
{
    char origin[ORIGIN_BYTES];

    http_print_origin(console->api.http, origin, sizeof origin);
    if (console->certificate)
        snprintf(out, size, "%s/", origin);
    else
        snprintf(out, size, "%s/?token=%s", origin,
                 console->api.sessions.token);
}

/* A token opens one browser; the next one is told at once. */
static bool tell_address(struct console *console, bool again)
{
    char address[ADDRESS_LINE_BYTES];
    struct problem problem = {0};

    if (!console->certificate &&
        !sessions_make_token(&console->api.sessions, &problem)) {
        tell_problem(&problem);
        return false;
    }
    make_address(console, address, sizeof address);
    if (again)
        tell_result("another browser: %s", address);
    else
        tell_result("console %s", address);
    fflush(stdout);
    return true;
}

static void entered(void *context)
{
    tell_address(context, true);
}

/* Commands find the pass-phrase in the console's memory, by a file of /proc
 * that only its owner can read: nobody is at their terminal. */
static bool keep_pass_phrase(struct console *console, struct problem *problem)
{
    char text[LIMIT_PASS_PHRASE_BYTES + 1];
    struct options *options = &console->options;

    if (!key_file_find_pass_phrase(options, options->key_file, text, problem))
        return false;
    console->secret_fd = memfd_create("pass-phrase", MFD_CLOEXEC);
    size_t length = strlen(text);
    bool kept = console->secret_fd >= 0 &&
                fchmod(console->secret_fd, 0600) == 0 &&
                write(console->secret_fd, text, length) == (ssize_t)length;
    explicit_bzero(text, sizeof text);
    snprintf(console->secret, sizeof console->secret, "/proc/%d/fd/%d",
             (int)getpid(), console->secret_fd);
    options->pass_phrase_file = console->secret;
    return kept ||
           problem_set(problem, PROBLEM_SYSTEM, "memfd: %s", tr_error(errno));
}

/* Whether the key can be used is known before a page opens. */
static bool open_key(struct console *console, struct problem *problem)
{
    struct options *options = &console->options;
    struct key *key = NULL;
    char *pem = file_read_secret(options->key_file, problem);

    if (!pem)
        return false;
    bool asks = key_pem_is_locked(pem, strlen(pem)) &&
                !options->pass_phrase_file;
    explicit_bzero(pem, strlen(pem));
    free(pem);
    if ((asks && !keep_pass_phrase(console, problem)) ||
        !key_file_open_private(options, options->key_file, &key, problem))
        return false;
    snprintf(console->key_id, sizeof console->key_id, "%s", key_id(key));
    key_destroy(key);
    return true;
}

static bool make_folder(struct console *console, struct problem *problem)
{
    snprintf(console->folder, sizeof console->folder,
             "/tmp/gaoshi-console-XXXXXX");
    if (!mkdtemp(console->folder)) {
        console->folder[0] = '\0';
        return problem_set(problem, PROBLEM_SYSTEM, "/tmp: %s",
                           tr_error(errno));
    }
    snprintf(console->pictures, sizeof console->pictures, "%s/pictures",
             console->folder);
    return mkdir(console->pictures, 0700) == 0 ||
           problem_set(problem, PROBLEM_SYSTEM, "%s: %s", console->pictures,
                       tr_error(errno));
}

static bool open_journal(struct console *console, struct problem *problem)
{
    const char *given = console->options.journal_file;
    char *file = given ? strdup(given)
                       : send_options_beside_outbox(&console->options,
                                                    "console.jsonl", problem);
    bool opened = file && journal_open(&console->journal, file, problem);

    free(file);
    return opened;
}

/* A certificate and a key that do not belong together are told before anybody
 * connects. */
static bool check_pair(const struct console *console, struct problem *problem)
{
    BIO *cert = BIO_new_mem_buf(console->certificate, -1);
    BIO *pem = BIO_new_mem_buf(console->key, -1);
    X509 *x509 = cert ? PEM_read_bio_X509(cert, NULL, NULL, NULL) : NULL;
    /* No pass-phrase: it would be asked for on the terminal. */
    EVP_PKEY *key = pem ? PEM_read_bio_PrivateKey(pem, NULL, NULL,
                                                  (void *)(uintptr_t) "")
                        : NULL;
    const struct options *options = &console->options;
    const char *wrong = !x509  ? options->tls_cert_file
                        : !key ? options->tls_key_file
                               : NULL;

    if (wrong)
        problem_set(problem, PROBLEM_SYNTAX,
                    x509 ? "expected a private key (PEM) without a pass-phrase"
                         : "expected a certificate (PEM)");
    else if (X509_check_private_key(x509, key) != 1)
        problem_set(problem, PROBLEM_SYNTAX,
                    "this is not the key of the certificate");
    else if (X509_cmp_current_time(X509_get0_notAfter(x509)) < 0)
        problem_set(problem, PROBLEM_SYNTAX, "the certificate has ended");
    bool good = problem->code == PROBLEM_NONE;
    if (!good)
        problem_set_place(problem, wrong ? wrong : options->tls_cert_file);
    EVP_PKEY_free(key);
    X509_free(x509);
    BIO_free(pem);
    BIO_free(cert);
    ERR_clear_error();
    return good;
}

static bool read_certificate(struct console *console, struct problem *problem)
{
    const struct options *options = &console->options;
    size_t bytes = 0;

    if (!options->tls_cert_file || !options->tls_key_file)
        return problem_set_field(problem, "tls-key",
                                 "--tls-cert and --tls-key: give both");
    if (!http_has_tls())
        return problem_set_field(
            problem, "tls-cert",
            "libmicrohttpd was built without TLS on this system");
    console->certificate = file_read(options->tls_cert_file, CERTIFICATE_BYTES,
                                     &bytes, problem);
    console->key = console->certificate
                       ? file_read_secret(options->tls_key_file, problem)
                       : NULL;
    return console->key && check_pair(console, problem);
}

/* On the network everybody has an account; without one there is nobody to let
 * in. */
static bool open_accounts(struct console *console, struct problem *problem)
{
    struct accounts_file *accounts = &console->api.accounts;

    console->accounts_file = accounts_path(&console->options, problem);
    if (!console->accounts_file)
        return false;
    accounts->path = console->accounts_file;
    if (!accounts_file_refresh(accounts, problem))
        return false;
    if (accounts->accounts.count == 0) {
        problem_set(problem, PROBLEM_FIELD,
                    "no account: «gaoshi-publish console account add» makes "
                    "one");
        problem_set_place(problem, console->accounts_file);
        return false;
    }
    console->api.checker = password_checker_create();
    return console->api.checker ||
           problem_set(problem, PROBLEM_SYSTEM, "no thread can be started");
}

static bool find_address(struct console *console, struct problem *problem)
{
    const struct options *options = &console->options;
    bool has_tls = options->tls_cert_file || options->tls_key_file;

    if (!options->listen)
        listen_address_local(options->port, &console->address);
    else if (!listen_address_parse(options->listen, &console->address, problem))
        return false;
    if (!has_tls && !console->address.is_loopback)
        return problem_set_field(problem, "listen",
                                 "%s is not this machine alone: --tls-cert, "
                                 "--tls-key and accounts are needed",
                                 options->listen);
    if (has_tls && console->address.is_any && options->host_names.count == 0)
        return problem_set_field(problem, "listen",
                                 "%s: give the names by which browsers reach "
                                 "it (--host-name)",
                                 options->listen);
    return !has_tls || read_certificate(console, problem);
}

static void find_who(struct console *console)
{
    const struct passwd *user = getpwuid(getuid());

    snprintf(console->who, sizeof console->who, "%s",
             user ? user->pw_name : "?");
}

static bool read_files(struct console *console, struct problem *problem)
{
    struct data_path data;

    return data_path_find(console->options.data, &data, problem) &&
           site_read(&console->site, &data, problem) &&
           templates_read(console->options.data, &console->templates,
                          problem) &&
           shapes_read(&console->options, &console->shapes, problem) &&
           make_folder(console, problem) && open_journal(console, problem);
}

static void tell_page(void *context, const char *event, json_t *data)
{
    struct console *console = context;

    http_tell(console->api.http, event, data);
}

static bool open_parts(struct console *console, struct problem *problem)
{
    struct api *api = &console->api;
    const struct http_options http = {
        .address = &console->address,
        .certificate = console->certificate,
        .key = console->key,
        .names = console->options.host_names.texts,
        .name_count = console->options.host_names.count,
        .takes_pictures = api_takes_pictures,
        .handle = api_handle,
        .context = api,
    };

    find_who(console);
    *api = (struct api){.options = &console->options,
                        .site = &console->site,
                        .shapes = &console->shapes,
                        .templates = console->templates.root,
                        .who = console->who,
                        .folder = console->folder,
                        .pictures = console->pictures,
                        .journal = &console->journal,
                        .entered = entered,
                        .context = console,
                        .sessions = {.idle_ms = SESSION_IDLE_MS}};
    api->runs = runs_create(&console->options);
    api->painter = painter_create(&console->options, console->pictures);
    if (!api->runs || !api->painter)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    if (console->certificate) {
        api->sessions.idle_ms = console->options.idle_minutes * INT64_C(60000);
        api->sessions.lasts_ms = SESSION_LASTS_MS;
        if (!open_accounts(console, problem))
            return false;
    }
    return http_open(&http, &api->http, problem) &&
           wall_create(&console->options, console->key_id, tell_page, console,
                       &api->wall, problem);
}

static size_t fill(const struct console *console, struct pollfd out[POLL_MAX])
{
    const struct api *api = &console->api;
    size_t count = 3;

    out[0] = (struct pollfd){.fd = console->signal_fd, .events = POLLIN};
    out[1] = (struct pollfd){.fd = http_fd(api->http), .events = POLLIN};
    out[2] = (struct pollfd){.fd = wall_fd(api->wall), .events = POLLIN};
    if (api->checker)
        out[count++] = (struct pollfd){.fd = password_checker_fd(api->checker),
                                       .events = POLLIN};
    count += runs_poll(api->runs, out + count);
    count += painter_poll(api->painter, out + count);
    return count;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Until a signal comes. Parts call each other back, so each turn goes on until
 * nothing new was started. */
static void loop(struct console *console)
{
    struct api *api = &console->api;
    struct pollfd files[POLL_MAX];

    for (;;) {
        int64_t now_ms = clock_monotonic_ms();
        if (api->checker)
            password_checker_turn(api->checker);
        api_review(api, now_ms);
        int64_t next_ms = http_run(api->http, now_ms);
        next_ms = earlier(next_ms, wall_turn(api->wall, now_ms));
        runs_turn(api->runs, now_ms);
        painter_turn(api->painter, now_ms);
        int64_t after_ms = clock_monotonic_ms();
        int64_t http_ms = http_run(api->http, after_ms);
        /* A request of that turn may have asked for a child's work. */
        runs_turn(api->runs, after_ms);
        painter_turn(api->painter, after_ms);
        next_ms = earlier(next_ms, http_ms);
        size_t count = fill(console, files);
        int64_t wait_ms = next_ms - clock_monotonic_ms();
        if (poll(files, count, wait_ms > 0 ? (int)wait_ms : 0) < 0 &&
            errno != EINTR)
            return;
        if (files[0].revents & POLLIN)
            return;
    }
}

static void finish(struct console *console)
{
    /* Whoever would call back first, then what is called back. */
    password_checker_destroy(console->api.checker);
    runs_destroy(console->api.runs);
    painter_destroy(console->api.painter);
    wall_destroy(console->api.wall);
    http_close(console->api.http);
    api_finish(&console->api);
    journal_close(&console->journal);
    templates_finish(&console->templates);
    site_finish(&console->site);
    if (console->folder[0])
        folder_delete(console->folder);
    if (console->signal_fd >= 0)
        close(console->signal_fd);
    if (console->secret_fd >= 0)
        close(console->secret_fd);
    if (console->key)
        explicit_bzero(console->key, strlen(console->key));
    free(console->key);
    free(console->certificate);
    free(console->accounts_file);
}

static enum publish_exit serve(struct console *console)
{
    char address[ADDRESS_LINE_BYTES];

    if (!tell_address(console, false))
        return PUBLISH_OTHER;
    make_address(console, address, sizeof address);
    if (!console->options.no_browser && !console->certificate)
        open_browser(address);
    loop(console);
    return PUBLISH_DONE;
}

enum publish_exit console_run(const struct options *options, int count,
                              char **operands)
{
    struct problem problem = {.consequence = "no console"};
    struct console *console = calloc(1, sizeof *console);
    enum publish_exit code;

    (void)count, (void)operands;
    if (!console || !send_options_check(options)) {
        free(console);
        return PUBLISH_USAGE;
    }
    console->options = *options;
    console->signal_fd = console->secret_fd = -1;
    console->journal.fd = -1;
    if (!find_address(console, &problem)) {
        tell_problem(&problem);
        code = PUBLISH_USAGE;
    } else if (!open_key(console, &problem)) {
        tell_problem(&problem);
        code = PUBLISH_KEY;
    } else {
        language_serve_both();
        /* Before the line is opened: its threads shall not take the signals. */
        console->signal_fd = command_open_signals();
        if (read_files(console, &problem) && open_parts(console, &problem)) {
            code = serve(console);
        } else {
            tell_problem(&problem);
            code = session_exit(&problem);
        }
    }
    finish(console);
    free(console);
    return code;
}
