/* Holds a folder by flock(2): nothing is left behind that could go stale. */
#include "base/folder_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum { STEP_MS = 20 }; /* between two tries */

/* flock knows no deadline. */
static bool hold(int file)
{
    const struct timespec step = {.tv_nsec = STEP_MS * 1000000L};
    int left_ms = FOLDER_LOCK_WAIT_S * 1000;

    while (flock(file, LOCK_EX | LOCK_NB) != 0) {
        if ((errno != EWOULDBLOCK && errno != EINTR) || left_ms <= 0)
            return false;
        nanosleep(&step, NULL);
        left_ms -= STEP_MS;
    }
    return true;
}

int folder_lock(const char *folder, struct problem *problem)
{
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (file >= 0 && hold(file))
        return file;
    if (file >= 0 && errno == EWOULDBLOCK)
        problem_set(problem, PROBLEM_SYSTEM,
                    "another gaoshi-publish is at work in this folder; waited "
                    "%d s",
                    FOLDER_LOCK_WAIT_S);
    else
        problem_set(problem, PROBLEM_SYSTEM, "cannot be locked: %s",
                    strerror(errno));
    problem_set_place(problem, folder);
    if (file >= 0)
        close(file);
    return -1;
}

void folder_unlock(int lock)
{
    if (lock >= 0)
        close(lock);
}
