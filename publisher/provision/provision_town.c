/* provision town: one command for an authority, a root key with its list of
 * keys, what the broker needs, and the first operator. */
#include "base/translate.h"
#include "publisher/provision/provision.h"

#include "base/ask.h"
#include "base/files.h"
#include "protocol/scope.h"
#include "publisher/cli/tell.h"
#include "publisher/keyfile/key_file.h"
#include "publisher/keys/keys.h"
#include "publisher/provision/authority.h"
#include "publisher/provision/town.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What was typed; the options borrow it. */
struct answers {
    char org[ASK_ANSWER_BYTES];
    char host[ASK_ANSWER_BYTES];
    char operator_name[ASK_ANSWER_BYTES];
    char scope[ASK_ANSWER_BYTES];
    char sender[ASK_ANSWER_BYTES];
    char lock[ASK_ANSWER_BYTES];
    char pass_phrase[LIMIT_PASS_PHRASE_BYTES + 1];
};

static bool is_org(const char *text)
{
    return identifier_is_valid(text);
}

static bool is_scope(const char *text)
{
    return scope_is_valid(text);
}

/* One line of the configuration. */
static bool is_sender(const char *text)
{
    return strlen(text) < ASK_ANSWER_BYTES && !strpbrk(text, "\r\n");
}

static bool is_yes_no(const char *text)
{
    return strcmp(text, "yes") == 0 || strcmp(text, "no") == 0;
}

/* One thing that the town needs to know. */
struct question {
    const char *flag;
    const char *text;
    const char *fallback; /* of an empty answer; NULL: asked again */
    const char *expected;
    bool (*check)(const char *text);
};

enum { ASK_ORG, ASK_HOST, ASK_OPERATOR, ASK_SCOPE, ASK_SENDER, ASK_LOCK };

static const struct question questions[] = {
    [ASK_ORG] = {"org", "Short name of the town, part of every topic: ", NULL,
                 "a-z 0-9 . _ -", is_org},
    [ASK_HOST] = {"host", "Name or address of the broker's machine: ", NULL,
                  "a host's name or address, without port", provision_is_host},
    [ASK_OPERATOR] = {"operator", "Name of the first operator: ", NULL,
                      "a-z 0-9 . _ -", is_org},
    [ASK_SCOPE] = {"scope", "Whom they may speak to, as area-410103 [all]: ",
                   "all", "all, area-CODE, group-NAME or screen-ID", is_scope},
    [ASK_SENDER] = {"sender", "Who warns, as screens tell it []: ", "",
                    "one line", is_sender},
    [ASK_LOCK] = {"lock", "Lock the root key with a pass-phrase? [yes]: ",
                  "yes", "yes or no", is_yes_no},
};

/* Asks until the answer is good. False: the input has ended. */
static bool ask(const struct question *question, char out[ASK_ANSWER_BYTES])
{
    while (ask_line(question->text, out)) {
        if (!out[0] && question->fallback)
            strcpy(out, question->fallback);
        if (question->check(out))
            return true;
        tell_line("'%s': expected %s", out, tr(question->expected));
    }
    return false;
}

/* Takes the flag's value, or asks for it. */
static bool need(const struct question *question, const char **value,
                 char answer[ASK_ANSWER_BYTES])
{
    if (!*value && !ask_can()) {
        if (question->fallback) {
            *value = question->fallback;
            return true;
        }
        tell_line("--%s is missing, and nobody can be asked: expected %s",
                  question->flag, tr(question->expected));
        return false;
    }
    if (!*value) {
        if (!ask(question, answer))
            return false;
        *value = answer;
    }
    if (question->check(*value))
        return true;
    tell_line("--%s '%s': expected %s", question->flag, *value,
              question->expected);
    return false;
}

static bool need_hosts(struct options *options, char answer[ASK_ANSWER_BYTES])
{
    for (size_t i = 0; i < options->hosts.count || i == 0; i++) {
        if (!need(&questions[ASK_HOST], &options->hosts.texts[i], answer))
            return false;
        options->hosts.count = options->hosts.count > i ? options->hosts.count
                                                        : i + 1;
    }
    return true;
}

/* The root key is locked on request; somebody who is asked everything else is
 * asked for this too. */
static bool need_lock(struct options *options, struct answers *answers,
                      bool asked, struct problem *problem)
{
    const char *lock = options->lock || options->pass_phrase_file ? "yes"
                       : asked                                    ? NULL
                                                                  : "no";

    if (!need(&questions[ASK_LOCK], &lock, answers->lock))
        return false;
    options->lock = strcmp(lock, "yes") == 0;
    if (!options->lock)
        return true;
    if (!key_file_choose_pass_phrase(options, answers->pass_phrase, problem))
        return false;
    options->pass_phrase = answers->pass_phrase;
    return true;
}

static bool need_all(struct options *options, struct answers *answers,
                     struct problem *problem)
{
    bool asked = !options->org || options->hosts.count == 0 ||
                 !options->operator_name;

    return need(&questions[ASK_ORG], &options->org, answers->org) &&
           need_hosts(options, answers->host) &&
           need(&questions[ASK_OPERATOR], &options->operator_name,
                answers->operator_name) &&
           need(&questions[ASK_SCOPE], &options->scope, answers->scope) &&
           need(&questions[ASK_SENDER], &options->sender, answers->sender) &&
           need_lock(options, answers, asked && ask_can(), problem);
}

static bool write_hosts(const struct town *town, const struct options *options,
                        struct problem *problem)
{
    char path[PATH_MAX];
    char text[LINK_BROKER_MAX * TOWN_HOST_BYTES] = "";
    size_t length = 0;

    snprintf(path, sizeof path, "%s/hosts", town->folder);
    for (size_t i = 0; i < options->hosts.count; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s\n",
                                   options->hosts.texts[i]);
    return file_create(path, FILE_MODE_PUBLIC, text, problem);
}

static enum publish_exit make_root(const struct town *town,
                                   const struct options *options)
{
    struct options own = *options;
    char *folder = file_folder(town->root);

    own.out_folder = folder;
    own.name = "root";
    enum publish_exit code = folder ? keys_new_run(&own, 0, NULL)
                                    : PUBLISH_OTHER;
    free(folder);
    return code;
}

static enum publish_exit make_broker(const struct town *town,
                                     const struct options *options)
{
    struct options own = *options;
    char folder[PATH_MAX];
    char *hosts[LINK_BROKER_MAX];
    size_t count = 0;

    snprintf(folder, sizeof folder, "%s/broker", town->folder);
    own.authority_folder = town->authority;
    own.out_folder = folder;
    while (count < options->hosts.count &&
           (hosts[count] = strdup(options->hosts.texts[count])))
        count++;
    enum publish_exit code = count == options->hosts.count
                                 ? provision_broker_run(&own, (int)count, hosts)
                                 : PUBLISH_OTHER;
    while (count > 0)
        free(hosts[--count]);
    return code;
}

static enum publish_exit make_operator(const struct town *town,
                                       const struct options *options)
{
    struct options own = *options;
    char name[ASK_ANSWER_BYTES];
    char *operands[] = {name};

    snprintf(name, sizeof name, "%s", options->operator_name);
    own.town_folder = town->folder;
    own.name = NULL;
    return provision_operator_run(&own, 1, operands);
}

static enum publish_exit make_all(const struct town *town,
                                  const struct options *options,
                                  struct problem *problem)
{
    if (!authority_create(town->authority, options->org, problem) ||
        !write_hosts(town, options, problem)) {
        tell_problem(problem);
        return PUBLISH_OTHER;
    }
    enum publish_exit code = make_root(town, options);
    if (code == PUBLISH_DONE)
        code = make_broker(town, options);
    if (code == PUBLISH_DONE)
        code = make_operator(town, options);
    return code;
}

static enum publish_exit found(const struct town *town,
                               const struct options *options,
                               struct problem *problem)
{
    enum publish_exit code = make_all(town, options, problem);

    if (code != PUBLISH_DONE) {
        folder_delete(town->folder);
        tell_line("%s: no town was made", town->folder);
        return code;
    }
    if (options->json) {
        tell_json(json_pack("{s:s}", "town", town->folder));
        return code;
    }
    tell_result("%s: keep it secret, off the network, and a copy of it in a "
                "safe place",
                town->folder);
    tell_result("for each screen: gaoshi-publish provision screen ID --area "
                "CODE --town %s",
                town->folder);
    return code;
}

enum publish_exit provision_town_run(const struct options *options, int count,
                                     char **operands)
{
    struct problem problem = {.consequence = "no town was made"};
    struct options own = *options;
    struct answers answers = {.org = ""};
    struct town town;
    enum publish_exit code = PUBLISH_USAGE;

    (void)count;
    if (access(operands[0], F_OK) == 0) {
        problem_set_place(&problem, operands[0]);
        problem_set(&problem, PROBLEM_SYSTEM,
                    "expected a folder that is not there yet");
    } else if (town_name(operands[0], &town, &problem) &&
               need_all(&own, &answers, &problem)) {
        own.quiet = true;
        code = found(&town, &own, &problem);
        problem.code = PROBLEM_NONE;
    }
    if (problem.code != PROBLEM_NONE)
        tell_problem(&problem);
    OPENSSL_cleanse(&answers, sizeof answers);
    return code;
}
