/* Starts a program, waits for its end, keeps what it wrote. */
#include "tests/support/program.h"

#include "tests/support/folder.h"

#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

const char *program_path(const char *name)
{
    static char path[PATH_MAX + 64];
    char self[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);

    if (length < 0)
        return name;
    self[length] = '\0';
    snprintf(path, sizeof path, "%s/%s", dirname(self), name);
    return path;
}

static void redirect(const char *folder, const char *name, int target)
{
    char *path = folder_path(folder, name);
    int file = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;

    if (file < 0 || dup2(file, target) < 0)
        _exit(126);
    free(path);
}

static void become(const char *folder, const char *home, const char *name,
                   const char *const *words)
{
    const char *arguments[PROGRAM_WORDS_MAX + 2] = {name};
    int count = 1;

    for (; *words && count <= PROGRAM_WORDS_MAX; words++)
        arguments[count++] = *words;
    arguments[count] = NULL;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setenv("HOME", home, 1);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("XDG_STATE_HOME");
    int empty = open("/dev/null", O_RDONLY);
    if (empty < 0 || dup2(empty, STDIN_FILENO) < 0)
        _exit(126);
    redirect(folder, "out", STDOUT_FILENO);
    redirect(folder, "err", STDERR_FILENO);
    execv(program_path(name), (char *const *)(uintptr_t)arguments);
    _exit(127);
}

bool program_run(struct program_result *out, const char *home, const char *name,
                 const char *const *words)
{
    char *folder = folder_make();
    int status = 0;

    if (!folder)
        return false;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        become(folder, home, name, words);
    bool ended = child > 0 && waitpid(child, &status, 0) == child;
    if (ended) {
        out->code = WIFEXITED(status) ? WEXITSTATUS(status)
                                      : 128 + WTERMSIG(status);
        out->out = folder_read(folder, "out");
        out->err = folder_read(folder, "err");
        ended = out->out && out->err;
    }
    folder_remove(folder);
    free(folder);
    return ended;
}

void program_result_finish(struct program_result *result)
{
    free(result->out);
    free(result->err);
    *result = (struct program_result){0};
}
