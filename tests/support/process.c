/* Starts and ends programs for the tests of the whole road. */
#include "tests/support/process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_MS = 10 };

static void become(const char *const *words, const char *log_file, int keep_fd,
                   pid_t parent)
{
    char *copies[PROCESS_WORDS_MAX] = {NULL};

    /* A test that dies takes its programs with it. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127);
    for (int i = 0; words[i] && i < PROCESS_WORDS_MAX - 1; i++)
        copies[i] = strdup(words[i]);
    if (log_file) {
        int log = open(log_file, O_WRONLY | O_CREAT | O_APPEND, 0600);
        if (log < 0 || dup2(log, STDERR_FILENO) < 0)
            _exit(127);
    }
    if (keep_fd >= 0)
        fcntl(keep_fd, F_SETFD, 0);
    execvp(copies[0], copies);
    _exit(127);
}

pid_t process_start(const char *const *words, const char *log_file, int keep_fd)
{
    pid_t parent = getpid();
    pid_t pid = fork();

    if (pid == 0)
        become(words, log_file, keep_fd, parent);
    return pid;
}

static void look_later(void)
{
    const struct timespec pause = {.tv_nsec = LOOK_MS * 1000000L};

    nanosleep(&pause, NULL);
}

int process_wait(pid_t pid)
{
    int status = 0;

    for (int waited = 0; waited < PROCESS_LIMIT_MS; waited += LOOK_MS) {
        pid_t ended = waitpid(pid, &status, WNOHANG);
        if (ended == pid)
            return WIFEXITED(status) ? WEXITSTATUS(status)
                                     : 128 + WTERMSIG(status);
        if (ended < 0)
            return -1;
        look_later();
    }
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    return -1;
}

int process_stop(pid_t pid)
{
    if (pid <= 0 || kill(pid, SIGTERM) != 0)
        return -1;
    return process_wait(pid);
}

char *process_beside(const char *program)
{
    char self[1024];
    char *path = NULL;
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);

    if (length <= 0)
        return NULL;
    self[length] = '\0';
    char *slash = strrchr(self, '/');
    if (slash)
        *slash = '\0';
    return asprintf(&path, "%s/%s", self, program) < 0 ? NULL : path;
}

bool process_wait_until(bool (*done)(void *context), void *context)
{
    for (int waited = 0; waited < PROCESS_LIMIT_MS; waited += LOOK_MS) {
        if (done(context))
            return true;
        look_later();
    }
    return done(context);
}
