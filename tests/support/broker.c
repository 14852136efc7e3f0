/* Starts and ends a real mosquitto on loopback for the tests of the road. */
#include "tests/support/broker.h"

#include "tests/support/folder.h"
#include "tests/support/loopback.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    START_TRIES = 5,    /* somebody may take the free port before mosquitto */
    ACCEPT_POLL_MS = 5, /* between two looks at the port */
    ACCEPT_LIMIT_MS = 15000,
};

struct broker {
    pid_t pid; /* 0: not running */
    int port;
    int second_port;
    char *folder;
    char url[64];
    char second_url[64];
};

static int find_free_port(void)
{
    int listener = loopback_listen(1);
    int port = loopback_port(listener);

    if (listener >= 0)
        close(listener);
    return port;
}

static bool port_accepts(int port)
{
    int probe = loopback_connect(port, 0);

    if (probe >= 0)
        close(probe);
    return probe >= 0;
}

static bool process_ended(struct broker *broker)
{
    if (waitpid(broker->pid, NULL, WNOHANG) != broker->pid)
        return false;
    broker->pid = 0;
    return true;
}

/* Looks at the port until it accepts, the process ends or the limit is
 * reached. */
static bool wait_until_accepting(struct broker *broker)
{
    const struct timespec pause = {.tv_nsec = ACCEPT_POLL_MS * 1000000L};

    for (int waited = 0; waited < ACCEPT_LIMIT_MS; waited += ACCEPT_POLL_MS) {
        if (process_ended(broker))
            return false;
        if (port_accepts(broker->port))
            return true;
        nanosleep(&pause, NULL);
    }
    return false;
}

static void become_mosquitto(const struct broker *broker, pid_t parent)
{
    char *config = folder_path(broker->folder, "mosquitto.conf");

    /* A test that dies takes its broker with it. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent || !config)
        _exit(127);
    execlp("mosquitto", "mosquitto", "-c", config, (char *)NULL);
    execl("/usr/sbin/mosquitto", "mosquitto", "-c", config, (char *)NULL);
    _exit(127);
}

static bool launch(struct broker *broker)
{
    pid_t parent = getpid();

    broker->pid = fork();
    if (broker->pid < 0) {
        broker->pid = 0;
        return false;
    }
    if (broker->pid == 0)
        become_mosquitto(broker, parent);
    if (wait_until_accepting(broker))
        return true;
    broker_kill(broker);
    return false;
}

static void show_log(const struct broker *broker)
{
    char *log = folder_read(broker->folder, "mosquitto.log");

    fprintf(stderr, "broker: mosquitto did not start on port %d\n%s",
            broker->port, log ? log : "(no log; is mosquitto installed?)\n");
    free(log);
}

/* mosquitto keeps only hashes: its own tool makes them, in place. */
static bool hash_passwords(const struct broker *broker)
{
    char *file = folder_path(broker->folder, "users");
    int status = -1;

    if (!file)
        return false;
    pid_t child = fork();
    if (child == 0) {
        execlp("mosquitto_passwd", "mosquitto_passwd", "-U", file,
               (char *)NULL);
        _exit(127);
    }
    free(file);
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static void write_tls(FILE *out, const struct broker_options *options)
{
    if (!options->cert_file)
        return;
    fprintf(out, "certfile %s\nkeyfile %s\n", options->cert_file,
            options->key_file);
    if (options->ca_file)
        fprintf(out, "cafile %s\n", options->ca_file);
    if (options->require_certificate)
        fprintf(out, "require_certificate true\n"
                     "use_identity_as_username true\n");
}

/* The text with the broker's own port and folder in it. */
static void write_filled(FILE *out, const struct broker *broker,
                         const char *text)
{
    static const char port[] = "@PORT@";
    static const char second_port[] = "@PORT2@";
    static const char folder[] = "@FOLDER@";

    while (*text) {
        if (strncmp(text, port, strlen(port)) == 0) {
            fprintf(out, "%d", broker->port);
            text += strlen(port);
        } else if (strncmp(text, second_port, strlen(second_port)) == 0) {
            fprintf(out, "%d", broker->second_port);
            text += strlen(second_port);
        } else if (strncmp(text, folder, strlen(folder)) == 0) {
            fprintf(out, "%s", broker->folder);
            text += strlen(folder);
        } else {
            fputc(*text++, out);
        }
    }
}

static char *config_text(const struct broker *broker,
                         const struct broker_options *options)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    if (geteuid() == 0)
        fprintf(out, "user root\n");
    if (options->config) {
        write_filled(out, broker, options->config);
        return fclose(out) == 0 ? text : NULL;
    }
    fprintf(out, "log_dest file %s/mosquitto.log\n", broker->folder);
    fprintf(out, "set_tcp_nodelay true\nmax_queued_messages 20000\n");
    if (options->persistence)
        fprintf(out,
                "persistence true\npersistence_location %s/\n"
                "autosave_on_changes true\nautosave_interval 1\n",
                broker->folder);
    fprintf(out, "allow_anonymous %s\n", options->users ? "false" : "true");
    if (options->users)
        fprintf(out, "password_file %s/users\n", broker->folder);
    if (options->acl)
        fprintf(out, "acl_file %s/acl\n", broker->folder);
    fprintf(out, "listener %d 127.0.0.1\n", broker->port);
    write_tls(out, options);
    fprintf(out, "%s\n", options->extra ? options->extra : "");
    return fclose(out) == 0 ? text : NULL;
}

static bool write_config(struct broker *broker,
                         const struct broker_options *options)
{
    char *text = config_text(broker, options);
    bool written = text && folder_write(broker->folder, "mosquitto.conf", text);

    free(text);
    snprintf(broker->url, sizeof broker->url, "%s:%d",
             options->cert_file || options->config ? "mqtts://localhost"
                                                   : "mqtt://127.0.0.1",
             broker->port);
    snprintf(broker->second_url, sizeof broker->second_url,
             "mqtts://localhost:%d", broker->second_port);
    return written;
}

static bool write_accounts(struct broker *broker,
                           const struct broker_options *options)
{
    if (options->acl && !folder_write(broker->folder, "acl", options->acl))
        return false;
    if (!options->users)
        return true;
    return folder_write(broker->folder, "users", options->users) &&
           hash_passwords(broker);
}

static bool start_on_some_port(struct broker *broker,
                               const struct broker_options *options)
{
    for (int tried = 0; tried < START_TRIES; tried++) {
        broker->port = find_free_port();
        broker->second_port = find_free_port();
        if (broker->port == 0 || broker->second_port == 0 ||
            !write_config(broker, options))
            return false;
        if (launch(broker))
            return true;
    }
    show_log(broker);
    return false;
}

struct broker *broker_start(const struct broker_options *options)
{
    static const struct broker_options plain = {0};
    struct broker *broker = calloc(1, sizeof *broker);

    if (!broker)
        return NULL;
    if (!options)
        options = &plain;
    broker->folder = folder_make();
    if (!broker->folder || !write_accounts(broker, options) ||
        !start_on_some_port(broker, options)) {
        broker_destroy(broker);
        return NULL;
    }
    return broker;
}

void broker_destroy(struct broker *broker)
{
    if (!broker)
        return;
    broker_kill(broker);
    folder_remove(broker->folder);
    free(broker->folder);
    free(broker);
}

const char *broker_url(const struct broker *broker)
{
    return broker->url;
}

const char *broker_second_url(const struct broker *broker)
{
    return broker->second_url;
}

int broker_port(const struct broker *broker)
{
    return broker->port;
}

const char *broker_folder(const struct broker *broker)
{
    return broker->folder;
}

static void end_with(struct broker *broker, int signal_number)
{
    if (broker->pid <= 0)
        return;
    kill(broker->pid, signal_number);
    kill(broker->pid, SIGCONT);
    while (waitpid(broker->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    broker->pid = 0;
}

void broker_stop(struct broker *broker)
{
    end_with(broker, SIGTERM);
}

void broker_kill(struct broker *broker)
{
    end_with(broker, SIGKILL);
}

void broker_pause(struct broker *broker)
{
    if (broker->pid > 0)
        kill(broker->pid, SIGSTOP);
}

void broker_resume(struct broker *broker)
{
    if (broker->pid > 0)
        kill(broker->pid, SIGCONT);
}

bool broker_restart(struct broker *broker)
{
    if (launch(broker))
        return true;
    show_log(broker);
    return false;
}

void broker_forget(struct broker *broker)
{
    char *store = folder_path(broker->folder, "mosquitto.db");

    if (store)
        unlink(store);
    free(store);
}
