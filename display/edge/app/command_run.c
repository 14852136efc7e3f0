/* gaoshi-display without a command: reads the configuration, builds the display
 * and runs its loop until the end. */
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/language.h"
#include "base/log.h"
#include "display/edge/app/command.h"
#include "display/edge/app/loop.h"
#include "display/edge/app/memory.h"
#include "display/edge/net/subscriber.h"

enum {
    /* The pause between two attempts to start; doubled each time, up to a
     * minute. */
    RUN_RETRY_MS = 1000,
    RUN_RETRY_MAX_MS = 60000,
};

struct run {
    struct config config;
    struct display_options options;
    int argc; /* of the command line */
    char **argv;
};

static void print_help(void)
{
    language_print(
        stdout,
        "gaoshi-display [flags]        shows messages from the broker\n"
        "gaoshi-display render …       draws messages without a broker\n"
        "gaoshi-display programme …    tells which panels come when\n"
        "gaoshi-display setup …        takes what was provisioned for this "
        "screen\n"
        "gaoshi-display card …         shows the test card\n"
        "gaoshi-display icons …        prints or draws the pictograms\n"
        "gaoshi-display rehearse …     rehearses messages in a window\n"
        "gaoshi-display fonts …        prints characters that no font has\n\n");
    option_rows_print_help(config_rows, CONFIG_RUN, stdout);
}

static void complain(const struct problem *problem)
{
    log_problem(LOG_ERROR, "gaoshi-display", problem);
}

static struct display_options options_of(const struct config_flags *flags)
{
    return (struct display_options){
        .mode = flags->mode,
        .width_px = flags->size.width_px,
        .height_px = flags->size.height_px,
        .record = flags->record,
        .session = flags->session,
        .data = flags->data,
        .safe = flags->safe,
        .seconds = flags->seconds,
        .dwell_ms = flags->dwell_ms,
    };
}

/* For the command reload. The command line has no operands, which would be
 * moved. */
static bool reread(void *context, struct config *out, struct problem *problem)
{
    const struct run *run = context;
    int operands = 0;

    out->state.lenient_section = "broker";
    return config_load(out, CONFIG_RUN, run->argc, run->argv, &operands,
                       problem) &&
           config_check(out, problem);
}

static bool configure(struct run *run, int argc, char **argv,
                      struct problem *problem)
{
    struct config *config = &run->config;
    int operands = 0;

    config->state.lenient_section = "broker";
    if (!config_load(config, CONFIG_RUN, argc, argv, &operands, problem))
        return false;
    if (operands > 0)
        return problem_set(problem, PROBLEM_FIELD,
                           "'%.60s', expected a flag; see --help", argv[1]);
    run->options = options_of(&config->flags);
    run->options.reread = reread;
    run->options.reread_context = run;
    run->argc = argc;
    run->argv = argv;
    log_set_level((enum log_level)config->flags.log_level);
    if (config->flags.help)
        return true;
    if (config->file[0])
        problem_set_place(problem, config->file);
    return config_check(config, problem);
}

/* What --check-config checks besides the file itself. */
static bool check(const struct run *run, struct problem *problem)
{
    struct data_path data;
    struct key_ring ring = {.count = 0};
    struct theme theme;
    struct calendar calendar = {.zone = {0}};

    bool good = trusted_keys_load(&run->config, &ring, problem) &&
                subscriber_check(&run->config, problem) &&
                subscriber_diagnose(&run->config, problem) &&
                data_path_find(run->options.data, &data, problem) &&
                calendar_load(&run->config, &data, &calendar, problem) &&
                glass_read_theme(run->config.theme, &data, &theme, problem);
    calendar_finish(&calendar);
    key_ring_finish(&ring);
    if (good)
        language_print(stdout, "the configuration is good\n");
    return good;
}

/* The result of one attempt. */
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
    if (done && run->config.flags.memory)
        memory_print(display, stdout);
    if (display)
        display_finish(display);
    if (done)
        recovery_finish(&display->recovery, true);
    free(display);
    out->code = done ? EXIT_DONE : EXIT_OTHER;
}

/* Moves operands within argv. */
static void attempt(struct run *run, int argc, char **argv, int signal_fd,
                    struct outcome *out)
{
    *out = (struct outcome){.code = EXIT_USAGE};
    memset(run, 0, sizeof *run);
    if (!configure(run, argc, argv, &out->problem))
        return;
    if (!run->config.flags.help && !run->config.flags.check) {
        show(run, signal_fd, out);
        return;
    }
    out->began = true;
    if (run->config.flags.help)
        print_help();
    out->code = run->config.flags.help || check(run, &out->problem)
                    ? EXIT_DONE
                    : EXIT_USAGE;
}

/* Keeps reporting to the watchdog that the program is well while it waits. If
 * the program ended instead, the service manager would start it again three
 * times a second. True: a signal asks for the end. */
static bool wait_to_retry(int signal_fd, int64_t pause_ms)
{
    struct pollfd signal = {.fd = signal_fd, .events = POLLIN};
    int64_t now_ms = clock_monotonic_ms();
    int64_t until_ms = now_ms + pause_ms;
    struct health health;

    health_init(&health, now_ms);
    while (now_ms < until_ms) {
        health_feed(&health, now_ms);
        int64_t next_ms = health.next_ms < until_ms ? health.next_ms : until_ms;
        if (poll(&signal, 1, (int)(next_ms - now_ms)) > 0)
            return true;
        now_ms = clock_monotonic_ms();
    }
    return false;
}

/* Under a service manager a failed start is tried again and again, whether a
 * graphics card is missing or the configuration is wrong. */
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
        snprintf(
            outcome.problem.consequence, sizeof outcome.problem.consequence,
            "the screen is dark; tried again at intervals of up to a minute");
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
    memory_prepare();
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
