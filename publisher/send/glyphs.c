/* Runs «gaoshi-display fonts --missing» beside this program, or in PATH. */
#include "publisher/send/glyphs.h"

#include "base/data_path.h"
#include "publisher/cli/clock.h"
#include "publisher/cli/tell.h"
#include "publisher/send/compose.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum {
    WAIT_MS = 2000, /* an alert waits no longer for an answer */
    ANSWER_BYTES = 64 * 1024,
};

struct answer {
    char text[ANSWER_BYTES];
    size_t bytes;
};

static pid_t start(const char **words, int input, int output)
{
    posix_spawn_file_actions_t actions;
    char program[DATA_PATH_BYTES];
    pid_t child = -1;

    if (posix_spawn_file_actions_init(&actions) != 0)
        return -1;
    program_beside("gaoshi-display", program);
    bool ready =
        (input >= 0
             ? posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
             : posix_spawn_file_actions_addopen(
                   &actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)) == 0 &&
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) ==
            0 &&
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null",
                                         O_WRONLY, 0) == 0;
    /* It takes the words as char *, and changes none. */
    if (!ready || posix_spawnp(&child, program, &actions, NULL,
                               (char *const *)(uintptr_t)words, environ) != 0)
        child = -1;
    posix_spawn_file_actions_destroy(&actions);
    return child;
}

/* Until the other end closes; false: it took too long or said too much. */
static bool read_answer(int from, struct answer *answer)
{
    const int64_t end_ms = clock_monotonic_ms() + WAIT_MS;

    while (answer->bytes < sizeof answer->text - 1) {
        struct pollfd ready = {.fd = from, .events = POLLIN};
        int64_t left_ms = end_ms - clock_monotonic_ms();
        if (left_ms <= 0 ||
            (poll(&ready, 1, (int)left_ms) < 0 && errno != EINTR))
            return false;
        if (!ready.revents)
            continue;
        ssize_t got = read(from, answer->text + answer->bytes,
                           sizeof answer->text - 1 - answer->bytes);
        if (got <= 0)
            return got == 0;
        answer->bytes += (size_t)got;
    }
    return false;
}

/* False: nobody could tell. */
static bool ask(const char **words, int input, struct answer *answer)
{
    int ends[2], status = -1;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    pid_t child = start(words, input, ends[1]);
    close(ends[1]);
    bool told = child > 0 && read_answer(ends[0], answer);
    close(ends[0]);
    if (child > 0) {
        if (!told)
            kill(child, SIGKILL);
        while (waitpid(child, &status, 0) < 0 && errno == EINTR)
            continue;
    }
    return told && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* «-: » at a line's start is the message from standard input. */
static bool tell_answer(struct answer *answer, const char *place)
{
    char *rest = answer->text;
    bool any = false;

    answer->text[answer->bytes] = '\0';
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
        if (place && strncmp(line, "-: ", 3) == 0)
            tell_place(place, line + 3);
        else if (line[0])
            tell_place(NULL, line);
        any = any || line[0];
    }
    return any;
}

static bool look(const char **words, int input, const char *place)
{
    struct answer *answer = calloc(1, sizeof *answer);
    bool missing = false;

    if (answer && ask(words, input, answer))
        missing = tell_answer(answer, place);
    else
        tell_line("note: nobody looked for characters that no font has: "
                  "«gaoshi-display fonts --missing» gave no answer");
    free(answer);
    return missing;
}

bool glyphs_tell_missing(const char *const *files, size_t count)
{
    static const char *const first[] = {"gaoshi-display", "fonts", "--missing",
                                        "--"};
    enum { FIRST = sizeof first / sizeof first[0] };
    const char **words = calloc(count + FIRST + 1, sizeof *words);

    if (!words || count == 0) {
        free(words);
        return false;
    }
    memcpy(words, first, sizeof first);
    memcpy(words + FIRST, files, count * sizeof *files);
    bool missing = look(words, -1, NULL);
    free(words);
    return missing;
}

void glyphs_tell_missing_of(const struct message *message, const char *place)
{
    const char *words[] = {"gaoshi-display", "fonts", "--missing", "-", NULL};
    char *text = compose_print(message->root);
    int file = memfd_create("message", MFD_CLOEXEC);
    size_t bytes = text ? strlen(text) : 0;

    if (text && file >= 0 && write(file, text, bytes) == (ssize_t)bytes &&
        lseek(file, 0, SEEK_SET) == 0)
        look(words, file, place);
    if (file >= 0)
        close(file);
    free(text);
}
