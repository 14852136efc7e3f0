/* Writes and reads recorded sessions: a line of words and numbers for each
 * record, and behind it as many bytes as the line says. */
#include "display/edge/app/session_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/files.h"
#include "base/log.h"
#include "base/translate.h"

#define FIRST_LINE "gaoshi-session 1\n"

enum {
    /* A session whose end was not written shows its last message so long. */
    LAST_MS = 20000,
    NUMBERS_MAX = 4,
};

struct session_writer {
    FILE *out;
    char *file;
    int64_t begun_ms;
    long long bytes;
    bool failed;
};

static void give_up(struct session_writer *writer, const char *why)
{
    if (!writer->failed)
        log_write(LOG_ERROR,
                  "session: %s: %s; nothing more is recorded, and the screen "
                  "goes on",
                  writer->file, why);
    writer->failed = true;
}

static void flush(struct session_writer *writer)
{
    if (!writer->failed && fflush(writer->out) != 0)
        give_up(writer, tr_error(errno));
}

static bool write_key(FILE *out, const struct key *key, unsigned roles)
{
    char *pem = key_to_public_pem(key);

    if (pem)
        fprintf(out, "key %u %zu\n%s\n", roles, strlen(pem), pem);
    free(pem);
    return pem != NULL;
}

static bool write_start(FILE *out, const struct session_start *start)
{
    char *config = config_print(start->config);
    bool made = config != NULL;

    if (made) {
        fputs(FIRST_LINE, out);
        fprintf(out, "start %" PRId64 " %d %d %" PRId64 "\n", start->wall_ms,
                start->width_px, start->height_px, start->dwell_ms);
        fprintf(out, "config %zu\n%s\n", strlen(config), config);
    }
    free(config);
    for (size_t i = 0; made && i < start->ring->count; i++)
        made = write_key(out, start->ring->entries[i].key,
                         start->ring->entries[i].grant.roles);
    return made;
}

bool session_writer_create(const char *file, const struct session_start *start,
                           struct session_writer **out, struct problem *problem)
{
    struct session_writer *writer = calloc(1, sizeof *writer);

    problem_set_place(problem, file);
    if (!writer || !(writer->file = strdup(file))) {
        free(writer);
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    }
    writer->begun_ms = start->mono_ms;
    writer->out = fopen(file, "we");
    bool made = writer->out && write_start(writer->out, start) &&
                fflush(writer->out) == 0;
    if (!made) {
        problem_set(problem, PROBLEM_SYSTEM,
                    "the session cannot be recorded: "
                    "%s",
                    errno ? tr_error(errno) : "no memory");
        writer->failed = true;
        session_writer_destroy(writer, NULL);
        return false;
    }
    problem_set_place(problem, "");
    *out = writer;
    return true;
}

void session_writer_destroy(struct session_writer *writer,
                            const struct moment *now)
{
    if (!writer)
        return;
    if (!writer->failed && now)
        fprintf(writer->out, "end %" PRId64 "\n",
                now->mono_ms - writer->begun_ms);
    if (writer->out && fclose(writer->out) != 0)
        give_up(writer, tr_error(errno));
    free(writer->file);
    free(writer);
}

void session_note(struct session_writer *writer,
                  const struct session_message *message,
                  const struct moment *now)
{
    if (!writer || writer->failed)
        return;
    int64_t at_ms = now->mono_ms - writer->begun_ms;
    size_t topic_bytes = strlen(message->topic);
    if (writer->bytes + (long long)(topic_bytes + message->bytes) >
        SESSION_FILE_BYTES / 2) {
        give_up(writer, "the file is full");
        return;
    }
    if (message->stored)
        fprintf(writer->out, "stored %" PRId64 " %" PRId64 " %zu %zu\n", at_ms,
                message->received_ms, topic_bytes, message->bytes);
    else
        fprintf(writer->out, "message %" PRId64 " %zu %zu\n", at_ms,
                topic_bytes, message->bytes);
    fputs(message->topic, writer->out);
    fwrite(message->payload, 1, message->bytes, writer->out);
    fputc('\n', writer->out);
    writer->bytes += (long long)(topic_bytes + message->bytes);
    flush(writer);
}

/* The rest of the file that is being read. */
struct reading {
    char *at;
    size_t left;
    int record;
    bool has_config;
};

/* A record's line: its word and its numbers. */
struct record {
    char word[16];
    int64_t numbers[NUMBERS_MAX];
    int count;
};

static bool read_record(struct reading *reading, struct record *out)
{
    char *end = memchr(reading->at, '\n', reading->left);

    *out = (struct record){.count = 0};
    reading->record++;
    if (!end)
        return false;
    *end = '\0';
    char *word = reading->at;
    reading->left -= (size_t)(end + 1 - reading->at);
    reading->at = end + 1;
    size_t letters = strcspn(word, " ");
    if (letters >= sizeof out->word)
        return false;
    memcpy(out->word, word, letters);
    for (char *next = word + letters; *next == ' '; out->count++) {
        if (out->count == NUMBERS_MAX)
            return false;
        errno = 0;
        out->numbers[out->count] = strtoll(next + 1, &word, 10);
        if (errno != 0 || word == next + 1 || (*word && *word != ' '))
            return false;
        next = word;
    }
    return true;
}

/* The bytes behind a record's line, and the end of their line. NULL: the file
 * ends before. */
static char *take_bytes(struct reading *reading, int64_t bytes)
{
    char *from = reading->at;

    if (bytes < 0 || (uint64_t)bytes + 1 > reading->left || from[bytes] != '\n')
        return NULL;
    reading->at += bytes + 1;
    reading->left -= (size_t)bytes + 1;
    return from;
}

/* The reader of configurations wants a file. */
static bool read_config(const char *text, size_t bytes, struct config *config,
                        struct problem *problem)
{
    char path[64];
    int fd = memfd_create("session", MFD_CLOEXEC);
    bool read = fd >= 0 && write(fd, text, bytes) == (ssize_t)bytes;

    if (!read)
        problem_set(problem, PROBLEM_SYSTEM, "%s", tr_error(errno));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    option_state_finish(&config->state); /* of an earlier record */
    config_init(config);
    read = read && config_read(path, config, problem);
    if (fd >= 0)
        close(fd);
    return read;
}

static bool read_key(const char *pem, size_t bytes, unsigned roles,
                     struct key_ring *ring, struct problem *problem)
{
    struct key *key = NULL;

    if (!key_from_public_pem(pem, bytes, &key, problem))
        return false;
    if (key_ring_add(ring, key, roles))
        return true;
    key_destroy(key);
    return problem_set(problem, PROBLEM_FIELD, "more than %d keys",
                       KEY_RING_MAX);
}

static bool add_message(struct session *session, struct session_message message,
                        size_t topic_bytes)
{
    struct session_message *more = session->messages;
    size_t count = session->count;

    if ((count & (count - 1)) == 0)
        more = realloc(more, (count > 0 ? 2 * count : 1) * sizeof *more);
    if (!more)
        return false;
    session->messages = more;
    message.topic = strndup(message.payload - topic_bytes, topic_bytes);
    if (!message.topic)
        return false;
    more[session->count++] = message;
    if (session->end_ms < message.at_ms + LAST_MS)
        session->end_ms = message.at_ms + LAST_MS;
    return true;
}

/* A time that can be reckoned with: up to 30,000 years. */
static bool is_time(int64_t ms)
{
    return ms >= 0 && ms < INT64_C(1) << 50;
}

static bool read_message(struct reading *reading, const struct record *record,
                         struct session *out, struct problem *problem)
{
    bool stored = record->word[0] == 's';
    int64_t topic_bytes = record->numbers[stored ? 2 : 1];
    int64_t bytes = record->numbers[stored ? 3 : 2];

    if (!is_time(record->numbers[0]) || topic_bytes < 0 || bytes < 0 ||
        topic_bytes > SESSION_FILE_BYTES || bytes > SESSION_FILE_BYTES)
        return false;
    char *text = take_bytes(reading, topic_bytes + bytes);
    if (!text)
        return false;
    const struct session_message message = {
        .at_ms = record->numbers[0],
        .payload = text + topic_bytes,
        .bytes = (size_t)bytes,
        .stored = stored,
        .received_ms = stored ? record->numbers[1] : TIMESTAMP_NONE};
    return add_message(out, message, (size_t)topic_bytes) ||
           problem_set(problem, PROBLEM_SYSTEM, "no memory");
}

static bool is_side(int64_t px)
{
    return px >= GLASS_SIDE_MIN_PX && px <= GLASS_SIDE_MAX_PX;
}

static bool take_start(const int64_t *numbers, struct session *out,
                       struct problem *problem)
{
    if (!is_time(numbers[0]) || !is_side(numbers[1]) || !is_side(numbers[2]) ||
        !is_time(numbers[3]))
        return problem_set(problem, PROBLEM_SYNTAX,
                           "record 'start': expected a time, the size of the "
                           "glass (%d to %d pixels) and the time of a page",
                           GLASS_SIDE_MIN_PX, GLASS_SIDE_MAX_PX);
    out->wall_ms = numbers[0];
    out->width_px = (int)numbers[1];
    out->height_px = (int)numbers[2];
    out->dwell_ms = numbers[3];
    return true;
}

static bool is_record(const struct record *record, const char *word, int count)
{
    return strcmp(record->word, word) == 0 && record->count == count;
}

static bool take_record(struct reading *reading, const struct record *record,
                        struct session *out, struct problem *problem)
{
    const int64_t *numbers = record->numbers;
    const char *text = NULL;

    if (is_record(record, "message", 3) || is_record(record, "stored", 4))
        return read_message(reading, record, out, problem);
    if (is_record(record, "start", 4))
        return take_start(numbers, out, problem);
    if (is_record(record, "end", 1) && is_time(numbers[0])) {
        out->end_ms = numbers[0];
        return true;
    }
    if (is_record(record, "config", 1))
        return (text = take_bytes(reading, numbers[0])) != NULL &&
               (reading->has_config = read_config(text, (size_t)numbers[0],
                                                  &out->config, problem));
    if (is_record(record, "key", 2))
        return (text = take_bytes(reading, numbers[1])) != NULL &&
               read_key(text, (size_t)numbers[1], (unsigned)numbers[0],
                        &out->ring, problem);
    return problem_set(problem, PROBLEM_SYNTAX,
                       "record %d: '%s', expected start, config, key, message, "
                       "stored or end with its numbers",
                       reading->record, record->word);
}

static bool read_records(struct reading *reading, struct session *out,
                         struct problem *problem)
{
    struct record record;

    while (reading->left > 0) {
        bool good = read_record(reading, &record);
        if (good && take_record(reading, &record, out, problem))
            continue;
        if (problem->code != PROBLEM_NONE)
            return false;
        log_write(LOG_WARNING,
                  "session: record %d is incomplete; the session ends before",
                  reading->record);
        break;
    }
    if (out->width_px > 0 && reading->has_config)
        return true;
    return problem_set(problem, PROBLEM_SYNTAX,
                       out->width_px > 0
                           ? "no record 'config' of the screen"
                           : "no record 'start' with the size of the glass");
}

bool session_read(const char *file, struct session *out,
                  struct problem *problem)
{
    const size_t first = strlen(FIRST_LINE);
    size_t bytes = 0;

    *out = (struct session){.count = 0};
    out->text = file_read(file, SESSION_FILE_BYTES, &bytes, problem);
    if (!out->text)
        return false;
    problem_set_place(problem, file);
    if (bytes < first || memcmp(out->text, FIRST_LINE, first) != 0)
        return problem_set(problem, PROBLEM_SYNTAX,
                           "no recorded session: its first line is not "
                           "'gaoshi-session 1'");
    struct reading reading = {.at = out->text + first, .left = bytes - first};
    if (!read_records(&reading, out, problem))
        return false;
    problem_set_place(problem, "");
    return true;
}

void session_finish(struct session *session)
{
    for (size_t i = 0; i < session->count; i++)
        free((char *)session->messages[i].topic);
    free(session->messages);
    free(session->text);
    key_ring_finish(&session->ring);
    option_state_finish(&session->config.state);
    *session = (struct session){.count = 0};
}
