/* A real mosquitto for tests: its own folder, its own free port of
 * 127.0.0.1, ended by its process id. */
#ifndef GAOSHI_TESTS_SUPPORT_BROKER_H
#define GAOSHI_TESTS_SUPPORT_BROKER_H

#include <stdbool.h>

struct broker;

/* Texts are borrowed during broker_start only; NULL: none. */
struct broker_options {
    const char *acl;   /* contents of acl_file */
    const char *users; /* lines name:password; then nobody is anonymous */
    const char *extra; /* more lines of mosquitto.conf */
    bool persistence;  /* retained messages outlive even a kill */
    /* Files for TLS; a client certificate is asked for when
     * require_certificate says so. */
    const char *ca_file;
    const char *cert_file;
    const char *key_file;
    bool require_certificate;
    /* A whole mosquitto.conf instead; @PORT@, @PORT2@ and @FOLDER@ in it are
     * replaced by the broker's own. */
    const char *config;
};

/* Starts and waits until connections are accepted. options may be NULL. NULL:
 * it did not start; why stands on stderr. Caller owns the broker. */
struct broker *broker_start(const struct broker_options *options);

/* Ends it if it runs, removes its folder. NULL: nothing. */
void broker_destroy(struct broker *broker);

/* mqtt://127.0.0.1:PORT, or mqtts://localhost:PORT with TLS. */
const char *broker_url(const struct broker *broker);
int broker_port(const struct broker *broker);

/* The same of @PORT2@, where the configuration has it. */
const char *broker_second_url(const struct broker *broker);

/* For files of the test's own; removed with the broker. */
const char *broker_folder(const struct broker *broker);

void broker_stop(struct broker *broker);  /* TERM, waits for its end */
void broker_kill(struct broker *broker);  /* KILL, waits for its end */
void broker_pause(struct broker *broker); /* STOP */
void broker_resume(struct broker *broker);

/* Starts a stopped one again: same port, same files. */
bool broker_restart(struct broker *broker);

/* Removes the persistent store of a stopped broker. */
void broker_forget(struct broker *broker);

#endif
