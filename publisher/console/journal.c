/* Appends whole lines, each with one write. */
#include "publisher/console/journal.h"

#include "base/clock.h"
#include "base/timestamp.h"
#include "base/translate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(const struct journal *journal, struct problem *problem)
{
    problem_set(problem, PROBLEM_SYSTEM, "journal: %s", tr_error(errno));
    problem_set_place(problem, journal->file);
    return false;
}

bool journal_open(struct journal *journal, const char *file,
                  struct problem *problem)
{
    *journal = (struct journal){.file = strdup(file), .fd = -1};
    if (!journal->file)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    journal->fd = open(file, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    return journal->fd >= 0 || fail(journal, problem);
}

void journal_close(struct journal *journal)
{
    if (journal->file && journal->fd >= 0)
        close(journal->fd);
    free(journal->file);
}

bool journal_add(struct journal *journal, json_t *entry,
                 struct problem *problem)
{
    char at[TIMESTAMP_BYTES];
    int64_t now_ms = clock_wall_ms();

    timestamp_format(now_ms, clock_utc_offset_minutes(now_ms), at);
    json_object_set_new(entry, "at", json_string(at));
    char *text = entry ? json_dumps(entry, JSON_COMPACT) : NULL;
    json_decref(entry);
    char *line = NULL;
    int length = text ? asprintf(&line, "%s\n", text) : -1;
    free(text);
    if (length < 0)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    ssize_t written = write(journal->fd, line, (size_t)length);
    free(line);
    if (written >= 0 && written != length)
        errno = ENOSPC;
    return (written == length && fdatasync(journal->fd) == 0) ||
           fail(journal, problem);
}

json_t *journal_newest(const struct journal *journal, size_t most)
{
    off_t end = lseek(journal->fd, 0, SEEK_END);
    off_t from = end > JOURNAL_TAIL_BYTES ? end - JOURNAL_TAIL_BYTES : 0;
    char *text = end >= 0 ? malloc((size_t)(end - from) + 1) : NULL;
    json_t *list = json_array();
    ssize_t got = text ? pread(journal->fd, text, (size_t)(end - from), from)
                       : -1;

    if (got < 0 || !list) {
        free(text);
        json_decref(list);
        return NULL;
    }
    text[got] = '\0';
    for (char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        json_t *entry = json_loadb(line, length, 0, NULL);
        if (entry) /* the first one may be cut */
            json_array_insert_new(list, 0, entry);
        if (json_array_size(list) > most)
            json_array_remove(list, most);
        line += length + (line[length] == '\n');
    }
    free(text);
    return list;
}
