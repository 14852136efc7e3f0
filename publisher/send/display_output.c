/* Starts gaoshi-display beside this program with a pipe as its output. */
#include "publisher/send/display_output.h"

#include "base/data_path.h"
#include "base/translate.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static pid_t start(const char *const *words, int output)
{
    posix_spawn_file_actions_t actions;
    char program[DATA_PATH_BYTES];
    pid_t child = -1;

    if (posix_spawn_file_actions_init(&actions) != 0)
        return -1;
    program_beside("gaoshi-display", program);
    fflush(NULL);
    /* posix_spawnp takes the words as char *, but does not change them. */
    if (posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) !=
            0 ||
        posix_spawnp(&child, program, &actions, NULL,
                     (char *const *)(uintptr_t)words, environ) != 0)
        child = -1;
    posix_spawn_file_actions_destroy(&actions);
    return child;
}

/* Reads to the end. NULL: it failed, or it was too much. */
static char *read_all(int from)
{
    size_t bytes = 0, room = 64 * 1024;
    char *text = malloc(room);

    while (text) {
        ssize_t got = read(from, text + bytes, room - bytes - 1);
        if (got == 0) {
            text[bytes] = '\0';
            return text;
        }
        if (got < 0 && errno == EINTR)
            continue;
        bytes += got > 0 ? (size_t)got : 0;
        if (got < 0 || room > DISPLAY_OUTPUT_BYTES)
            break;
        if (bytes + 1 == room) {
            char *more = realloc(text, 2 * room);
            if (!more)
                break;
            text = more;
            room *= 2;
        }
    }
    free(text);
    return NULL;
}

char *display_output(const char *const *words, struct problem *problem)
{
    int ends[2], status = -1;

    if (pipe2(ends, O_CLOEXEC) != 0) {
        problem_set(problem, PROBLEM_SYSTEM, "pipe: %s", tr_error(errno));
        return NULL;
    }
    pid_t child = start(words, ends[1]);
    close(ends[1]);
    char *text = child > 0 ? read_all(ends[0]) : NULL;
    close(ends[0]);
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    if (text && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return text;
    free(text);
    problem_set(problem, PROBLEM_SYSTEM,
                child > 0 ? "«gaoshi-display %s» failed"
                          : "«gaoshi-display %s» cannot be run: it is neither "
                            "beside this program nor in PATH",
                words[1]);
    return NULL;
}
