#include "base/child.h"

#include <errno.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/wait.h>

extern char **environ;

int child_run(const char *const *words)
{
    pid_t child;
    int status;

    fflush(NULL);
    /* posix_spawnp takes the words as char *, but does not change them. */
    if (posix_spawnp(&child, words[0], NULL, NULL,
                     (char *const *)(uintptr_t)words, environ) != 0)
        return -1;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
