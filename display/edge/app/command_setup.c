/* gaoshi-display setup: a screen takes what provision made for it. It asks what
 * only the place knows, puts the files where they belong, checks them, shows
 * the test card, and starts the service. */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/ask.h"
#include "base/child.h"
#include "base/data_path.h"
#include "base/files.h"
#include "base/handover.h"
#include "base/language.h"
#include "base/log.h"
#include "base/translate.h"
#include "display/edge/app/command.h"
#include "display/edge/config/config.h"
#include "display/edge/config/config_edit.h"

#define CONFIG_NAME "display.conf"
#define DEFAULT_FOLDER "/etc/gaoshi"
#define SERVICE "gaoshi-display"
#define SERVICE_USER "gaoshi"
#define SYSTEMD "/run/systemd/system"

enum { CONFIG_MODE = 0644, PATH_BYTES = 2 * PATH_MAX };

struct setup {
    struct config config;
    struct handover handover;
    struct handover_owner owner;
    const char *folder; /* where the files go */
    char path[PATH_BYTES];
    char program[DATA_PATH_BYTES]; /* this one */
    bool again;                    /* this screen was set up here before */
};

static int complain(const struct problem *problem, int code)
{
    log_problem(LOG_ERROR, "setup", problem);
    return code;
}

/* What only the place knows. */
struct question {
    const char *key;
    const char *text;
};

static const struct question questions[] = {
    {"screen.name", "Name of the place, as people call it"},
    {"glass.height_mm", "Height of the lit area in millimetres, 0: not known"},
    {"glass.viewing_distance_m",
     "How far away people read from, in metres, 0: not known"},
    {"glass.rotation",
     "How far the screen is rotated clockwise: 0, 90, 180 or 270"},
};
enum { QUESTIONS = sizeof questions / sizeof questions[0] };

/* What provision screen decides; a configuration that is there already gets it
 * anew. */
static const char *const provisioned[] = {"screen.area", "screen.groups",
                                          "broker.address"};
enum { PROVISIONED = sizeof provisioned / sizeof provisioned[0] };

/* Asks until the option takes the answer; an empty one keeps the value. False:
 * the input has ended. */
static bool ask(struct config *config, const struct question *question)
{
    const struct option_row *row = option_rows_find_key(config_rows,
                                                        question->key);
    char answer[ASK_ANSWER_BYTES];
    char prompt[ASK_ANSWER_BYTES];
    char *value = config_value(config, row);

    for (;;) {
        struct problem problem = {0};
        snprintf(prompt, sizeof prompt, "%.120s [%.120s]: ", tr(question->text),
                 value ? value : "");
        if (!ask_line(prompt, answer)) {
            free(value);
            return false;
        }
        if (!answer[0] || option_row_set(row, answer, config, &problem))
            break;
        log_problem(LOG_ERROR, "setup", &problem);
    }
    free(value);
    return true;
}

static bool ask_all(struct setup *setup, struct problem *problem)
{
    for (size_t i = 0; i < QUESTIONS; i++) {
        const struct option_row *row = option_rows_find_key(config_rows,
                                                            questions[i].key);
        if (setup->config.state.typed[row - config_rows] || !ask_can())
            continue;
        if (!ask(&setup->config, &questions[i]))
            return problem_set(problem, PROBLEM_FIELD, "no answer");
    }
    if (setup->config.height_mm == 0 || setup->config.viewing_mm == 0)
        language_print(
            stderr, "setup: without height and distance the smallest size of "
                    "characters is a guess: --height-mm, --viewing-distance\n");
    return true;
}

static bool check_handover(const struct setup *setup, const char *given,
                           struct problem *problem)
{
    if (handover_has(&setup->handover, CONFIG_NAME))
        return true;
    problem_set_place(problem, given);
    return problem_set(problem, PROBLEM_SYNTAX,
                       handover_has(&setup->handover, "publish.conf")
                           ? "it is for an operator: gaoshi-publish setup"
                       : handover_has(&setup->handover, "screens.acl")
                           ? "it is for the broker: sudo "
                             "/usr/share/gaoshi/mosquitto/setup"
                           : "expected what provision screen made: it has no "
                             "file " CONFIG_NAME);
}

/* Takes what was answered when this screen was set up before. False: another
 * screen lives here. */
static bool take_answers(struct setup *setup, const struct config *there,
                         struct problem *problem)
{
    struct config *config = &setup->config;

    if (strcmp(there->identity.screen, config->identity.screen) != 0) {
        problem_set_place(problem, setup->path);
        return problem_set(problem, PROBLEM_FIELD,
                           "this machine is the screen '%s' already, and not "
                           "'%s': move its folder away if that is meant",
                           there->identity.screen, config->identity.screen);
    }
    setup->again = true;
    for (size_t i = 0; i < QUESTIONS; i++) {
        const struct option_row *row = option_rows_find_key(config_rows,
                                                            questions[i].key);
        char *value = config->state.typed[row - config_rows]
                          ? NULL
                          : config_value(there, row);
        if (value)
            option_row_set(row, value, config, problem);
        free(value);
    }
    return true;
}

/* What the flags say goes before what the files say. */
static bool read_config(struct setup *setup, struct problem *problem)
{
    struct config *there = calloc(1, sizeof *there);
    struct problem unread = {0};
    char path[PATH_BYTES];

    if (!there)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    snprintf(path, sizeof path, "%s/" CONFIG_NAME, setup->handover.folder);
    bool good = config_read(path, &setup->config, problem);
    config_init(there);
    if (good && access(setup->path, F_OK) == 0 &&
        config_read(setup->path, there, &unread))
        good = take_answers(setup, there, problem);
    free(there);
    return good;
}

static void tell_written(const char *path)
{
    puts(path);
}

/* Frees the text. NULL: no memory. */
static char *edit(const struct setup *setup, char *text, const char *key)
{
    const struct option_row *row = option_rows_find_key(config_rows, key);
    char *value = config_value(&setup->config, row);
    char *edited = text && value ? config_edit(text, key, value) : NULL;

    free(value);
    free(text);
    return edited;
}

static bool write_config(const struct setup *setup, struct problem *problem)
{
    size_t bytes = 0;
    char *text = file_read_text(setup->path, OPTION_FILE_BYTES, &bytes,
                                problem);

    if (!text)
        return false;
    for (size_t i = 0; i < QUESTIONS; i++)
        text = edit(setup, text, questions[i].key);
    for (size_t i = 0; i < PROVISIONED && setup->again; i++)
        text = edit(setup, text, provisioned[i]);
    bool written = text ? file_replace(setup->path, CONFIG_MODE, text, problem)
                        : problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    free(text);
    if (written && setup->owner.known &&
        chown(setup->path, setup->owner.user, setup->owner.group) != 0)
        return problem_set(problem, PROBLEM_SYSTEM,
                           "%s: its owner cannot be set", setup->path);
    return written;
}

/* The service runs as this user, who must be able to read the key. */
static void find_owner(struct setup *setup)
{
    const struct passwd *user = geteuid() == 0 ? getpwnam(SERVICE_USER) : NULL;

    if (user)
        setup->owner = (struct handover_owner){user->pw_uid, user->pw_gid,
                                               true};
}

/* As the service reads it. The result is told by the program itself. */
static bool check_there(const struct setup *setup)
{
    const char *const words[] = {"runuser",  "-u",           SERVICE_USER,
                                 "--",       setup->program, "--check-config",
                                 "--config", setup->path,    NULL};

    return child_run(setup->owner.known ? words : words + 4) == 0;
}

static bool is_service(const struct setup *setup)
{
    return setup->config.flags.service &&
           strcmp(setup->folder, DEFAULT_FOLDER) == 0 &&
           access(SYSTEMD, F_OK) == 0;
}

static void show_card(const struct setup *setup)
{
    static const char *const stop[] = {"systemctl", "stop", SERVICE, NULL};
    const char *const words[] = {
        setup->program, "card", "--config", setup->path,
        "--seconds",    "15",   NULL};

    if (!setup->config.flags.card)
        return;
    if (is_service(setup))
        child_run(stop);
    language_print(stdout,
                   "The test card is shown for 15 seconds; a key ends it.\n");
    if (child_run(words) != 0)
        language_print(
            stderr, "setup: the test card was not shown; later: gaoshi-display "
                    "card\n");
}

static bool start_service(const struct setup *setup, struct problem *problem)
{
    static const char *const enable[] = {"systemctl", "enable", SERVICE, NULL};
    static const char *const start[] = {"systemctl", "restart", SERVICE, NULL};

    if (!is_service(setup)) {
        language_print(stdout, "to start it: gaoshi-display --config %s\n",
                       setup->path);
        return true;
    }
    return (child_run(enable) == 0 && child_run(start) == 0) ||
           problem_set(problem, PROBLEM_SYSTEM,
                       "the service " SERVICE " did not start");
}

/* Everything that changes nothing, then everything else. */
static bool take(struct setup *setup, const char *given,
                 struct problem *problem)
{
    if (!check_handover(setup, given, problem) ||
        !read_config(setup, problem) || !ask_all(setup, problem))
        return false;
    snprintf(problem->consequence, sizeof problem->consequence,
             "the setup is not complete");
    return handover_copy(&setup->handover, setup->folder,
                         setup->again ? CONFIG_NAME : NULL, &setup->owner,
                         tell_written, problem) &&
           write_config(setup, problem);
}

static int run(struct setup *setup, const char *given)
{
    struct problem problem = {.consequence = "nothing was changed"};
    const struct config_flags *flags = &setup->config.flags;

    setup->folder = flags->into ? flags->into : DEFAULT_FOLDER;
    snprintf(setup->path, sizeof setup->path, "%s/" CONFIG_NAME, setup->folder);
    program_beside(SERVICE, setup->program);
    find_owner(setup);
    if (!handover_open(given, &setup->handover, &problem))
        return complain(&problem, EXIT_USAGE);
    bool taken = take(setup, given, &problem);
    handover_close(&setup->handover);
    if (!taken)
        return complain(&problem, EXIT_USAGE);
    if (!check_there(setup)) {
        language_print(stderr,
                       "setup: the files are in %s; the service was not "
                       "started\n",
                       setup->folder);
        return EXIT_OTHER;
    }
    show_card(setup);
    return start_service(setup, &problem) ? EXIT_DONE
                                          : complain(&problem, EXIT_OTHER);
}

int command_setup(int argc, char **argv)
{
    struct setup *setup = calloc(1, sizeof *setup);
    struct problem problem = {0};
    int operands = 0, code;

    if (!setup)
        return EXIT_OTHER;
    if (!config_load(&setup->config, CONFIG_SETUP, argc, argv, &operands,
                     &problem)) {
        code = complain(&problem, EXIT_USAGE);
    } else if (setup->config.flags.help) {
        language_print(stdout, "gaoshi-display setup SCREEN.tar|DIR [flags]\n");
        option_rows_print_help(config_rows, CONFIG_SETUP, stdout);
        code = EXIT_DONE;
    } else if (operands != 1) {
        problem_set(&problem, PROBLEM_FIELD,
                    "expected one file that provision screen made");
        code = complain(&problem, EXIT_USAGE);
    } else {
        code = run(setup, argv[1]);
    }
    free(setup);
    return code;
}
