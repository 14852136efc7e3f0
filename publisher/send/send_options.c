/* Derives from the options of a command what sending needs. */
#include "publisher/send/send_options.h"

#include "base/files.h"
#include "publisher/cli/tell.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum publish_exit send_exit_code(const struct problem *problem)
{
    return problem->code == PROBLEM_SYSTEM      ? PUBLISH_OTHER
           : problem->code == PROBLEM_AUTHORITY ? PUBLISH_KEY
                                                : PUBLISH_REFUSED;
}

static char *default_state_file(void)
{
    const char *folder = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    char *path = NULL;
    int length = -1;

    if (folder && folder[0])
        length = asprintf(&path, "%s/gaoshi/outbox.db", folder);
    else if (home && home[0])
        length = asprintf(&path, "%s/.local/state/gaoshi/outbox.db", home);
    return length < 0 ? NULL : path;
}

/* The caller frees it. NULL: nowhere. */
static char *state_file(const struct options *options, struct problem *problem)
{
    char *file = options->state_file ? strdup(options->state_file)
                                     : default_state_file();

    if (!file)
        problem_set(problem, PROBLEM_SYSTEM,
                    "no HOME for the outbox; give --state FILE");
    return file;
}

char *send_options_beside_outbox(const struct options *options,
                                 const char *name, struct problem *problem)
{
    char *file = state_file(options, problem);
    char *folder = file ? file_folder(file) : NULL;
    char *path = NULL;

    if (folder && folder_ensure(folder, problem) &&
        asprintf(&path, "%s/%s", folder, name) < 0)
        path = NULL;
    if (file && !path && problem->code == PROBLEM_NONE)
        problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    free(folder);
    free(file);
    return path;
}

bool send_options_open_outbox(const struct options *options,
                              struct outbox **out, struct problem *problem)
{
    char *file = state_file(options, problem);
    bool opened = file && outbox_open(file, out, problem);

    free(file);
    return opened;
}

bool send_options_open_reading(const struct options *options,
                               struct outbox **out, struct problem *problem)
{
    char *file = state_file(options, problem);

    if (!file)
        return false;
    bool missing = access(file, F_OK) != 0 && errno == ENOENT;
    /* If both fail, the reason why it cannot be written says more. */
    bool opened = missing || outbox_open(file, out, problem) ||
                  (problem->code == PROBLEM_SYSTEM &&
                   outbox_open_reading(file, out, NULL));
    if (opened)
        problem->code = PROBLEM_NONE;
    free(file);
    return opened;
}

bool send_options_load_sent(const struct options *options, const char *id,
                            struct sent_alerts *out, struct problem *problem)
{
    struct outbox *outbox = NULL;
    bool loaded = send_options_open_reading(options, &outbox, problem) &&
                  (!outbox || sent_alerts_load(outbox_file(outbox),
                                               options->org, id, out, problem));

    outbox_close(outbox);
    return loaded;
}

int64_t send_options_last_sequence(const struct options *options)
{
    struct problem problem = {0};
    struct outbox *outbox = NULL;
    char *file = state_file(options, &problem);
    int64_t last = 0;

    if (file && outbox_open_reading(file, &outbox, &problem))
        outbox_last_sequence(outbox, &last, &problem);
    outbox_close(outbox);
    free(file);
    return last;
}

const char *send_options_scope(const struct options *options,
                               const struct message *message)
{
    return message->scope[0] ? message->scope
           : options->scope  ? options->scope
                             : "all";
}

bool send_options_send(const struct options *options)
{
    return !options->dry_run && !options->preview_file;
}

bool send_options_check_org(const struct options *options)
{
    if (!options->org)
        tell_line("--org is missing; give it, or set [publisher] org in the "
                  "configuration");
    return options->org != NULL;
}

bool send_options_check(const struct options *options)
{
    const struct {
        const void *value;
        const char *name;
        const char *config;
    } needed[] = {
        {options->org, "--org", "[publisher] org"},
        {options->key_file, "--key", "[publisher] key"},
        {options->brokers.texts[0], "--broker", "[broker] address"},
    };
    size_t count = sizeof needed / sizeof needed[0];

    for (size_t i = 0; i < (send_options_send(options) ? count : 1); i++) {
        if (needed[i].value)
            continue;
        tell_line("%s is missing; give it, or set %s in the configuration",
                  needed[i].name, needed[i].config);
        return false;
    }
    return true;
}
