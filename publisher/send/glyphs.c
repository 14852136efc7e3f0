/* Runs «gaoshi-display fonts --missing» over drafts that it reads from files in
 * memory. */
#include "publisher/send/glyphs.h"

#include "base/clock.h"
#include "base/data_path.h"
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
    ANSWER_BYTES = 64 * 1024,
    BATCH = 100, /* files in memory that are open at once */
    WORD_BYTES = 32,
};

struct answer {
    char text[ANSWER_BYTES];
    size_t bytes;
};

/* Drafts as files for the display's program. */
struct batch {
    const struct draft *drafts[BATCH];
    char words[BATCH][WORD_BYTES]; /* /dev/fd/NUMBER */
    int files[BATCH];
    size_t count;
};

/* The child inherits the file. */
static bool batch_add(struct batch *batch, const struct draft *draft)
{
    char *text = compose_print(draft->message->root);
    int file = text ? memfd_create("draft", 0) : -1;
    bool added = file >= 0 &&
                 write(file, text, strlen(text)) == (ssize_t)strlen(text);

    free(text);
    if (!added) {
        if (file >= 0)
            close(file);
        return false;
    }
    snprintf(batch->words[batch->count], WORD_BYTES, "/dev/fd/%d", file);
    batch->drafts[batch->count] = draft;
    batch->files[batch->count++] = file;
    return true;
}

static void batch_finish(struct batch *batch)
{
    while (batch->count > 0)
        close(batch->files[--batch->count]);
}

static pid_t start(const struct batch *batch, int output)
{
    static const char *const first[] = {"gaoshi-display", "fonts", "--missing",
                                        "--"};
    enum { FIRST = sizeof first / sizeof first[0] };
    const char *words[FIRST + BATCH + 1];
    posix_spawn_file_actions_t actions;
    char program[DATA_PATH_BYTES];
    pid_t child = -1;

    memcpy(words, first, sizeof first);
    for (size_t i = 0; i < batch->count; i++)
        words[FIRST + i] = batch->words[i];
    words[FIRST + batch->count] = NULL;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return -1;
    program_beside("gaoshi-display", program);
    bool ready = posix_spawn_file_actions_addopen(
                     &actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0 &&
                 posix_spawn_file_actions_adddup2(&actions, output,
                                                  STDOUT_FILENO) == 0 &&
                 posix_spawn_file_actions_addopen(
                     &actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) == 0;
    /* posix_spawnp takes the words as char *, but does not change them. */
    if (!ready || posix_spawnp(&child, program, &actions, NULL,
                               (char *const *)(uintptr_t)words, environ) != 0)
        child = -1;
    posix_spawn_file_actions_destroy(&actions);
    return child;
}

/* Reads until the other end closes. False: it took too long or wrote too much.
 */
static bool read_answer(int from, int wait_ms, struct answer *answer)
{
    const int64_t end_ms = clock_monotonic_ms() + wait_ms;

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

/* False: no answer. */
static bool ask(const struct batch *batch, int wait_ms, struct answer *answer)
{
    int ends[2], status = -1;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    pid_t child = start(batch, ends[1]);
    close(ends[1]);
    bool told = child > 0 && read_answer(ends[0], wait_ms, answer);
    close(ends[0]);
    if (child > 0) {
        if (!told)
            kill(child, SIGKILL);
        while (waitpid(child, &status, 0) < 0 && errno == EINTR)
            continue;
    }
    return told && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* The draft named at the start of a line of the answer; *text is the rest of
 * the line. NULL: none of them. */
static const struct draft *draft_of(const struct batch *batch, const char *line,
                                    const char **text)
{
    for (size_t i = 0; i < batch->count; i++) {
        size_t length = strlen(batch->words[i]);
        if (strncmp(line, batch->words[i], length) == 0 &&
            strncmp(line + length, ": ", 2) == 0) {
            *text = line + length + 2;
            return batch->drafts[i];
        }
    }
    return NULL;
}

/* Whether the same was printed for a draft of the same place, which differs
 * only in scope. */
static bool is_told(const char *const *told, size_t count, const char *place,
                    const char *text)
{
    for (size_t i = 0; i < count; i += 2)
        if (strcmp(told[i], place) == 0 && strcmp(told[i + 1], text) == 0)
            return true;
    return false;
}

/* True: a character is missing. */
static bool tell_answer(struct answer *answer, const struct batch *batch)
{
    enum { TOLD_MAX = 2 * 1024 };
    const char *told[TOLD_MAX]; /* pairs of place and text */
    char *rest = answer->text;
    size_t count = 0;

    answer->text[answer->bytes] = '\0';
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
        const char *text = line;
        const struct draft *draft = draft_of(batch, line, &text);
        const char *place = draft ? draft->place : "";
        if (!line[0] || count == TOLD_MAX || is_told(told, count, place, text))
            continue;
        tell_place(draft ? place : NULL, text);
        told[count++] = place;
        told[count++] = text;
    }
    return count > 0;
}

static bool look(const struct batch *batch, int wait_ms)
{
    struct answer *answer = calloc(1, sizeof *answer);
    bool missing = false;

    if (answer && ask(batch, wait_ms, answer))
        missing = tell_answer(answer, batch);
    else
        tell_line("note: nobody looked for characters that no font has: "
                  "«gaoshi-display fonts --missing» gave no answer");
    free(answer);
    return missing;
}

bool glyphs_check(const struct drafts *drafts, int wait_ms)
{
    struct batch batch = {.count = 0};
    bool missing = false;

    for (size_t i = 0; i < drafts->count; i++) {
        bool added = batch_add(&batch, &drafts->items[i]);
        if (batch.count > 0 &&
            (!added || batch.count == BATCH || i + 1 == drafts->count)) {
            missing = look(&batch, wait_ms) || missing;
            batch_finish(&batch);
        }
    }
    return missing;
}
