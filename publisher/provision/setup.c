/* setup: an operator's machine takes what provision made for it. */
#include "publisher/provision/provision.h"

#include "base/handover.h"
#include "publisher/cli/tell.h"
#include "publisher/keys/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONFIG_FILE "publish.conf"
#define LIST_FILE "keys.gaoshi"
#define KEY_FILE "gaoshi.pem"

static bool name_target(const struct options *options, char out[PATH_MAX],
                        struct problem *problem)
{
    const char *folder = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    int length = -1;

    if (options->into_folder)
        length = snprintf(out, PATH_MAX, "%s", options->into_folder);
    else if (folder && folder[0])
        length = snprintf(out, PATH_MAX, "%s/gaoshi", folder);
    else if (home && home[0])
        length = snprintf(out, PATH_MAX, "%s/.config/gaoshi", home);
    return (length > 0 && length < PATH_MAX) ||
           problem_set(problem, PROBLEM_FIELD,
                       "--into is missing: there is no home folder");
}

static bool check(const struct handover *handover, const char *path,
                  struct problem *problem)
{
    if (handover_has(handover, CONFIG_FILE))
        return true;
    problem_set_place(problem, path);
    if (handover_has(handover, "display.conf"))
        return problem_set(problem, PROBLEM_SYNTAX,
                           "it is for a screen: sudo gaoshi-display setup");
    if (handover_has(handover, "screens.acl"))
        return problem_set(problem, PROBLEM_SYNTAX,
                           "it is for the broker: sudo "
                           "/usr/share/gaoshi/mosquitto/setup");
    return problem_set(problem, PROBLEM_SYNTAX,
                       "expected what provision operator made: it has no "
                       "file " CONFIG_FILE);
}

static void tell_written(const char *path)
{
    tell_result("%s", path);
}

static void tell_written_json(const char *path)
{
    tell_json(json_pack("{s:s}", "file", path));
}

/* Screens learn of the operator's key from the list. */
static enum publish_exit send_list(const char *config, char *list, bool json)
{
    char *words[] = {(char[]){"gaoshi-publish"}, NULL};
    char *operands[] = {list};
    struct problem problem = {.consequence = "the list was not sent"};
    struct options options;
    int count = 0;
    enum publish_exit code = PUBLISH_USAGE;

    if (!options_parse(&options, OPTION_SEND | OPTION_ROOT, 1, words, 1, &count,
                       &problem)) {
        tell_problem(&problem);
        return code;
    }
    options.config_file = config;
    options.json = json;
    if (!options_read_config(&options, &problem))
        tell_problem(&problem);
    else
        code = keys_publish_run(&options, 1, operands);
    options_finish(&options);
    if (code != PUBLISH_DONE)
        tell_line("the files are in their places; when this is mended: "
                  "gaoshi-publish keys publish %s",
                  list);
    return code;
}

static enum publish_exit take(const struct handover *handover,
                              const char *target, const char *path, bool json,
                              struct problem *problem)
{
    const struct handover_owner owner = {.known = false};
    char config[PATH_MAX + 32], list[PATH_MAX + 32], key[PATH_MAX + 32];

    if (!check(handover, path, problem) ||
        !handover_copy(handover, target, NULL, &owner,
                       json ? tell_written_json : tell_written, problem)) {
        tell_problem(problem);
        return PUBLISH_OTHER;
    }
    snprintf(config, sizeof config, "%s/" CONFIG_FILE, target);
    snprintf(list, sizeof list, "%s/" LIST_FILE, target);
    snprintf(key, sizeof key, "%s/" KEY_FILE, target);
    if (access(key, F_OK) != 0)
        tell_line("%s is missing, and nothing can be signed: gaoshi-publish "
                  "keys new --out %s",
                  key, target);
    if (handover_has(handover, LIST_FILE))
        return send_list(config, list, json);
    return PUBLISH_DONE;
}

enum publish_exit setup_run(const struct options *options, int count,
                            char **operands)
{
    struct problem problem = {.consequence = "nothing was changed"};
    struct handover handover;
    char target[PATH_MAX];

    (void)count;
    if (!name_target(options, target, &problem) ||
        !handover_open(operands[0], &handover, &problem)) {
        tell_problem(&problem);
        return PUBLISH_USAGE;
    }
    enum publish_exit code = take(&handover, target, operands[0], options->json,
                                  &problem);
    handover_close(&handover);
    return code;
}
