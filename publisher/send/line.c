/* Opens the line: password, certificates, a name of its own. */
#include "publisher/send/line.h"

#include "base/files.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { KEEP_ALIVE_S = 20 };

static void fill_link_options(const struct options *options,
                              const char *client_id, const char *password,
                              struct link_options *out)
{
    *out = (struct link_options){
        .broker_count = options->brokers.count,
        .client_id = client_id,
        .username = options->username,
        .password = password,
        .ca_file = options->ca_file,
        .cert_file = options->cert_file,
        .key_file = options->cert_key_file,
        .mqtt_version = options->mqtt_version,
        .keep_alive_s = KEEP_ALIVE_S,
    };
    for (size_t i = 0; i < options->brokers.count; i++)
        out->brokers[i] = options->brokers.texts[i];
}

/* Unlike any other, so that two operators don't throw each other out. */
static void make_client_id(char *out, size_t size)
{
    uint64_t random = 0;

    if (getrandom(&random, sizeof random, 0) != sizeof random)
        random = (uint64_t)getpid();
    snprintf(out, size, "gaoshi-publish-%016" PRIx64, random);
}

static bool start(const struct link_options *line, struct events *events,
                  const char *const *filters, size_t count, struct link **out,
                  struct problem *problem)
{
    struct link_callbacks callbacks = events_callbacks(events);
    struct link *link = NULL;

    if (!link_check(line, problem) ||
        !link_create(line, &callbacks, &link, problem))
        return false;
    bool fine = true;
    for (size_t i = 0; fine && i < count; i++)
        fine = link_subscribe(link, filters[i], problem);
    if (!fine || !link_start(link, problem)) {
        link_destroy(link);
        return false;
    }
    *out = link;
    return true;
}

bool line_open(const struct options *options, struct events *events,
               const char *const *filters, size_t count, struct link **out,
               struct problem *problem)
{
    struct link_options line;
    char client_id[40];
    char *password = NULL;

    if (options->password_file) {
        password = file_read_password(options->password_file, FILE_CARE_SECRET,
                                      problem);
        if (!password)
            return false;
    }
    make_client_id(client_id, sizeof client_id);
    fill_link_options(options, client_id, password, &line);
    bool opened = start(&line, events, filters, count, out, problem);
    file_forget_password(password);
    return opened;
}

enum publish_exit line_exit(const struct problem *problem)
{
    return problem->code == PROBLEM_FIELD       ? PUBLISH_USAGE
           : problem->code == PROBLEM_AUTHORITY ? PUBLISH_KEY
                                                : PUBLISH_OTHER;
}
