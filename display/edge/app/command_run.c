/* gaoshi-display without a command: reads the configuration, builds the
 * display, turns it until its end. */
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "display/edge/app/command.h"
#include "display/edge/app/loop.h"
#include "display/edge/config/arguments.h"
#include "display/edge/config/options.h"
#include "display/edge/net/subscriber.h"

#define RUN_CONFIG "/etc/gaoshi/display.conf"

enum {
    RUN_SECONDS_MAX = 7 * 24 * 60 * 60,
    RUN_DWELL_MAX_MS = 600000,
    /* Between two attempts to start: doubled each time, up to a minute. */
    RUN_RETRY_MS = 1000,
    RUN_RETRY_MAX_MS = 60000,
};

struct run {
    struct config config;
    struct display_options options;
    const char *config_file;
    bool trust_given;
    bool check;
    bool help;
};

static bool apply_size(struct run *run, enum display_mode mode,
                       const char *value, struct problem *problem)
{
    run->options.mode = mode;
    return argument_size(value, &run->options.width_px, &run->options.height_px,
                         problem);
}

static bool apply_windowed(const struct argument *row, void *context,
                           const char *value, struct problem *problem)
{
    (void)row;
    return apply_size(context, DISPLAY_WINDOWED, value, problem);
}

static bool apply_headless(const struct argument *row, void *context,
                           const char *value, struct problem *problem)
{
    (void)row;
    return apply_size(context, DISPLAY_HEADLESS, value, problem);
}

static bool apply_fullscreen(const struct argument *row, void *context,
                             const char *value, struct problem *problem)
{
    (void)row, (void)value, (void)problem;
    ((struct run *)context)->options.mode = DISPLAY_FULLSCREEN;
    return true;
}

static bool apply_drills(const struct argument *row, void *context,
                         const char *value, struct problem *problem)
{
    struct run *run = context;

    (void)row, (void)value, (void)problem;
    run->config.show_exercises = 1;
    run->config.show_tests = 1;
    return true;
}

/* A key for every role: rehearsals have one. */
static bool apply_trust(const struct argument *row, void *context,
                        const char *value, struct problem *problem)
{
    static const char *const roles[] = {"panels", "alerts", "commands"};
    struct run *run = context;

    (void)row;
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        const struct option *option = option_find("trust", roles[i]);
        if (!run->trust_given)
            option_clear(option, &run->config);
        if (!option_set(option, value, &run->config, problem))
            return false;
    }
    run->trust_given = true;
    return true;
}

static bool apply_log_level(const struct argument *row, void *context,
                            const char *value, struct problem *problem)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};

    (void)row, (void)context;
    for (int i = 0; i < 4; i++) {
        if (strcmp(value, names[i]) != 0)
            continue;
        log_set_level((enum log_level)i);
        return true;
    }
    return problem_set(problem, PROBLEM_FIELD,
                       "'%.40s', expected error, warning, info or debug",
                       value);
}

#define FIELD(field) offsetof(struct run, field)

static const struct argument table[] = {
    {"--config", "FILE", "configuration, " RUN_CONFIG " if it is there",
     .apply = argument_take_text, .offset = FIELD(config_file)},
    {"--check-config", NULL, "look at it, say what is wrong, and end",
     .apply = argument_take_switch, .offset = FIELD(check)},
    {"--fullscreen", NULL, "the whole screen (the default)",
     .apply = apply_fullscreen},
    {"--windowed", "WxH", "a rehearsal in a window", .apply = apply_windowed},
    {"--headless", "WxH", "no window: for pictures and tests",
     .apply = apply_headless},
    {"--broker", "ADDRESS", "mqtt://host:port", .section = "broker",
     .name = "address"},
    {"--org", "ORG", "organisation", .section = "screen", .name = "org"},
    {"--screen", "ID", "name of this screen", .section = "screen",
     .name = "id"},
    {"--area", "CODE", "area code, 12 digits", .section = "screen",
     .name = "area"},
    {"--place", "TEXT", "the place's name", .section = "screen",
     .name = "name"},
    {"--root", "FILE", "public key that signs the list of keys",
     .section = "trust", .name = "root"},
    {"--trust", "FILE", "public key that may sign everything; again for more",
     .apply = apply_trust},
    {"--store", "FILE", "where accepted messages are kept", .section = "store",
     .name = "path"},
    {"--theme", "NAME", "night, day or a path", .section = "glass",
     .name = "theme"},
    {"--show-drills", NULL, "exercises and tests show, under their mark",
     .apply = apply_drills},
    {"--record", "DIR", "leave a picture of each page and a journal",
     .apply = argument_take_text, .offset = FIELD(options.record)},
    {"--safe", NULL, "safe mode for a trial: nothing but words",
     .apply = argument_take_switch, .offset = FIELD(options.safe)},
    {"--seconds", "N", "end after so long", .apply = argument_take_number,
     .offset = FIELD(options.seconds), .minimum = 1,
     .maximum = RUN_SECONDS_MAX},
    {"--dwell", "MS", "rehearsal: how long each page stands",
     .apply = argument_take_number, .offset = FIELD(options.dwell_ms),
     .minimum = 1, .maximum = RUN_DWELL_MAX_MS},
    {"--data", "DIR", "folder with data/ and fonts/",
     .apply = argument_take_text, .offset = FIELD(options.data)},
    {"--log-level", "LEVEL", "error, warning, info, debug",
     .apply = apply_log_level},
    {"--help", NULL, "this text", .apply = argument_take_switch,
     .offset = FIELD(help)},
    {.flag = NULL},
};

static void print_help(void)
{
    puts("gaoshi-display [flags]        shows what comes over the line\n"
         "gaoshi-display render …       draws messages without a broker\n"
         "gaoshi-display fonts …        tells which characters there are\n");
    arguments_print(table, stdout);
}

static void complain(const struct problem *problem)
{
    log_problem(LOG_ERROR, "gaoshi-display", problem);
}

static bool is_given(int argc, char **argv, const char *flag)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], flag) == 0)
            return true;
    }
    return false;
}

/* The file first, then what the command line overrides. */
static bool configure(struct run *run, int argc, char **argv,
                      struct problem *problem)
{
    const char *file = arguments_value(table, argc, argv, "--config");
    int operands = 0;

    bool forgives_line = run->config.forgives_line;
    config_init(&run->config);
    run->config.forgives_line = forgives_line;
    if (!file && access(RUN_CONFIG, R_OK) == 0)
        file = RUN_CONFIG;
    if (file && !config_read(file, &run->config, problem))
        return false;
    problem->place[0] = '\0';
    if (!arguments_read(table, argc, argv, &run->config, run, &operands,
                        problem))
        return false;
    if (operands > 0)
        return problem_set(problem, PROBLEM_FIELD,
                           "'%.60s', expected a flag; see --help", argv[1]);
    if (run->help)
        return true;
    problem_set_place(problem, file);
    return config_check(&run->config, problem);
}

/* What --check-config looks at besides the file itself. */
static bool check(const struct run *run, struct problem *problem)
{
    struct data_path data;
    struct key_ring ring = {.count = 0};
    struct theme theme;

    bool good = trusted_keys_load(&run->config, &ring, problem) &&
                subscriber_check(&run->config, problem) &&
                subscriber_diagnose(&run->config, problem) &&
                data_path_find(run->options.data, &data, problem) &&
                glass_read_theme(run->config.theme, &data, &theme, problem);
    key_ring_finish(&ring);
    if (good)
        puts("the configuration is good");
    return good;
}

/* What became of one attempt. */
struct outcome {
    int code;
    bool began; /* the screen ran, or --help or --check-config was given */
    struct problem problem;
};

static void show(const struct run *run, int signal_fd, struct outcome *out)
{
    struct display *display = calloc(1, sizeof *display);
    bool done = display && signal_fd >= 0;

    if (!done)
        problem_set(&out->problem, PROBLEM_SYSTEM, "no memory or no signalfd");
    out->began = done && display_init(display, &run->config, &run->options,
                                      &out->problem);
    if (out->began)
        log_set_once(false);
    done = out->began && loop_run(display, signal_fd, &out->problem);
    if (display)
        display_finish(display);
    if (done)
        recovery_finish(&display->recovery, true);
    free(display);
    out->code = done ? EXIT_DONE : EXIT_OTHER;
}

/* Moves the operands within argv. */
static void attempt(struct run *run, int argc, char **argv, int signal_fd,
                    struct outcome *out)
{
    *out = (struct outcome){.code = EXIT_USAGE};
    memset(run, 0, sizeof *run);
    run->options.mode = DISPLAY_FULLSCREEN;
    run->config.forgives_line = !is_given(argc, argv, "--check-config");
    if (!configure(run, argc, argv, &out->problem))
        return;
    if (!run->help && !run->check) {
        show(run, signal_fd, out);
        return;
    }
    out->began = true;
    if (run->help)
        print_help();
    out->code = run->help || check(run, &out->problem) ? EXIT_DONE : EXIT_USAGE;
}

/* Keeps telling the watchdog that the program is well while it waits. If the
 * program ended instead, the service manager would start it again three times
 * a second. True: a signal asks for the end. */
static bool wait_to_retry(int signal_fd, int64_t pause_ms)
{
    struct pollfd signal = {.fd = signal_fd, .events = POLLIN};
    int64_t now_ms = clock_read().mono_ms;
    int64_t until_ms = now_ms + pause_ms;
    struct health health;

    health_init(&health, now_ms);
    while (now_ms < until_ms) {
        health_feed(&health, now_ms);
        int64_t next_ms = health.next_ms < until_ms ? health.next_ms : until_ms;
        if (poll(&signal, 1, (int)(next_ms - now_ms)) > 0)
            return true;
        now_ms = clock_read().mono_ms;
    }
    return false;
}

/* Under a service manager a start that fails, for want of a graphics card or
 * because of the configuration, is tried again and again. */
static int run_service(struct run *run, int argc, char **argv, char **words,
                       int signal_fd)
{
    int64_t pause_ms = RUN_RETRY_MS;
    struct outcome outcome;

    for (;;) {
        memcpy(words, argv, ((size_t)argc + 1) * sizeof *words);
        log_set_once(true);
        attempt(run, argc, words, signal_fd, &outcome);
        if (outcome.began)
            break;
        snprintf(outcome.problem.consequence,
                 sizeof outcome.problem.consequence,
                 "the screen is dark; tried again, at last once a minute");
        complain(&outcome.problem);
        health_tell_dark(&outcome.problem);
        if (wait_to_retry(signal_fd, pause_ms))
            return EXIT_DONE;
        pause_ms = pause_ms * 2 < RUN_RETRY_MAX_MS ? pause_ms * 2
                                                   : RUN_RETRY_MAX_MS;
    }
    if (outcome.code != EXIT_DONE)
        complain(&outcome.problem);
    return outcome.code;
}

int command_run(int argc, char **argv)
{
    struct run *run = calloc(1, sizeof *run);
    char **words = calloc((size_t)argc + 1, sizeof *words);
    int signal_fd = loop_catch_signals();
    struct outcome outcome = {.code = EXIT_OTHER};

    if (run && words && health_is_supervised()) {
        outcome.code = run_service(run, argc, argv, words, signal_fd);
    } else if (run) {
        attempt(run, argc, argv, signal_fd, &outcome);
        if (outcome.code != EXIT_DONE)
            complain(&outcome.problem);
    }
    free(words);
    free(run);
    if (signal_fd >= 0)
        close(signal_fd);
    return outcome.code;
}
