/* A pseudo-terminal with a program on it. */
#include "tests/support/terminal.h"

#include "tests/support/process.h"
#include "tests/support/program.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <termios.h>
#include <unistd.h>

enum { SCREEN_BYTES = 64 * 1024 };

static void become(const char *home, const char *name, const char *const *words,
                   const struct terminal_talk *talk)
{
    const char *arguments[PROGRAM_WORDS_MAX + 2] = {name};
    int count = 1;

    for (; *words && count <= PROGRAM_WORDS_MAX; words++)
        arguments[count++] = *words;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setenv("HOME", home, 1);
    setenv("TERM", talk->kind ? talk->kind : "xterm", 1);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("XDG_STATE_HOME");
    execv(program_path(name), (char *const *)(uintptr_t)arguments);
    _exit(127);
}

/* A person types when the prompt is there, and the program has switched the
 * echo off by then; a test is quicker. */
static bool echoes_not(void *context)
{
    struct termios settings;

    return tcgetattr(*(int *)context, &settings) == 0 &&
           (settings.c_lflag & ECHO) == 0;
}

static bool type(int terminal, const struct terminal_talk *talk)
{
    if (talk->secret && !process_wait_until(echoes_not, &terminal))
        return false;
    return write(terminal, talk->answer, strlen(talk->answer)) >= 0 &&
           write(terminal, "\n", 1) == 1;
}

/* A terminal tells the program's end by an error. */
static void converse(int terminal, const struct terminal_talk *talk,
                     char *screen)
{
    size_t bytes = 0;
    bool answered = false, acted = !talk->cue;
    struct pollfd ready = {.fd = terminal, .events = POLLIN};

    while (bytes < SCREEN_BYTES - 1 && poll(&ready, 1, PROCESS_LIMIT_MS) > 0) {
        ssize_t got = read(terminal, screen + bytes, SCREEN_BYTES - 1 - bytes);
        if (got <= 0)
            break;
        bytes += (size_t)got;
        screen[bytes] = '\0';
        if (!acted && strstr(screen, talk->cue)) {
            acted = true;
            talk->act(talk->context);
        }
        if (answered || !strstr(screen, talk->prompt))
            continue;
        answered = true;
        if (!type(terminal, talk))
            break;
    }
}

int terminal_run(const char *home, const char *name, const char *const *words,
                 const struct terminal_talk *talk, char **out)
{
    int terminal = -1;

    *out = calloc(1, SCREEN_BYTES);
    if (!*out)
        return -1;
    pid_t child = forkpty(&terminal, NULL, NULL, NULL);
    if (child == 0)
        become(home, name, words, talk);
    if (child < 0)
        return -1;
    converse(terminal, talk, *out);
    int code = process_wait(child);
    close(terminal);
    return code;
}
