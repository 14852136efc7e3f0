/* Keeps the note: lines of text in one block that is overwritten in place. */
#include "display/edge/app/run_note.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/translate.h"

enum { SLOT_TEXT_BYTES = 240, STARTS_MAX = 1000000 };

static const char *const work_words[RUN_WORK_COUNT] = {
    [RUN_SETTING] = "setting",
    [RUN_DRAWING] = "drawing",
    [RUN_DRAWING_BESIDE] = "beside",
};

/* "": not known. */
static void read_boot(char out[RUN_NOTE_BOOT_BYTES])
{
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

    out[0] = '\0';
    if (!file)
        return;
    if (fscanf(file, "%36s", out) != 1)
        out[0] = '\0';
    fclose(file);
}

static struct run_slot slot_of(const struct message *message)
{
    struct run_slot slot = {.alert = message->kind != MESSAGE_PANEL,
                            .seq = message->seq};

    snprintf(slot.scope, sizeof slot.scope, "%s", message->scope);
    snprintf(slot.id, sizeof slot.id, "%s", message->id);
    return slot;
}

static bool is_same(const struct run_slot *a, const struct run_slot *b)
{
    return a->alert == b->alert && a->seq == b->seq &&
           strcmp(a->id, b->id) == 0 && strcmp(a->scope, b->scope) == 0;
}

static const char *kind_word(const struct run_slot *slot)
{
    return slot->alert ? "alert" : "panel";
}

static size_t print(char out[RUN_NOTE_BYTES], size_t at, const char *word,
                    const struct run_slot *slot, int times)
{
    return at + (size_t)snprintf(out + at, RUN_NOTE_BYTES - at,
                                 "%s %s %s %s %" PRId64 " %d\n", word,
                                 kind_word(slot), slot->scope, slot->id,
                                 slot->seq, times);
}

/* Every line is short and their number is limited, so all of them fit. */
static void format(const struct run_note *note, char out[RUN_NOTE_BYTES])
{
    size_t at;

    memset(out, '\n', RUN_NOTE_BYTES);
    at = (size_t)snprintf(out, RUN_NOTE_BYTES,
                          "gaoshi-run 1\nstarts %d\nboot %s\n", note->starts,
                          note->boot[0] ? note->boot : "-");
    for (int i = 0; i < RUN_WORK_COUNT; i++) {
        if (note->work[i].seq > 0)
            at = print(out, at, work_words[i], &note->work[i], 1);
    }
    for (size_t i = 0; i < note->suspect_count; i++)
        at = print(out, at, "suspect", &note->suspects[i].slot,
                   note->suspects[i].times);
    out[at] = '\n';
}

_Static_assert((RUN_WORK_COUNT + RUN_NOTE_SUSPECTS + 1) * SLOT_TEXT_BYTES <
                   RUN_NOTE_BYTES,
               "every line finds room");

/* Never synced: the file need not survive a power cut. A failure is ignored,
 * because the file is only a precaution. */
static bool save(const struct run_note *note)
{
    char text[RUN_NOTE_BYTES];

    if (note->fd < 0)
        return true;
    format(note, text);
    return pwrite(note->fd, text, sizeof text, 0) == (ssize_t)sizeof text;
}

static void take_slot(struct run_note *note, const char *word,
                      const struct run_slot *slot, int times)
{
    for (int i = 0; i < RUN_WORK_COUNT; i++) {
        if (strcmp(word, work_words[i]) == 0)
            note->work[i] = *slot;
    }
    if (strcmp(word, "suspect") == 0 && note->suspect_count < RUN_NOTE_SUSPECTS)
        note->suspects[note->suspect_count++] = (struct run_suspect){*slot,
                                                                     times};
}

/* Reads one line; a line of another form is ignored. */
static void take_line(struct run_note *last, const char *line)
{
    struct run_slot slot = {0};
    char word[16], kind[16];
    int number;

    if (sscanf(line, "starts %d", &number) == 1 && number >= 0 &&
        number < STARTS_MAX)
        last->starts = number;
    else if (sscanf(line, "boot %36s", last->boot) == 1)
        return;
    else if (sscanf(line, "%15s %15s %71s %64s %" SCNd64 " %d", word, kind,
                    slot.scope, slot.id, &slot.seq, &number) == 6 &&
             slot.seq > 0 && number > 0) {
        slot.alert = strcmp(kind, "alert") == 0;
        take_slot(last, word, &slot, number);
    }
}

_Static_assert(SCOPE_BYTES == 72 && LIMIT_IDENTIFIER_BYTES == 64,
               "take_line reads as much");

static void read_last(int fd, struct run_note *last)
{
    char text[RUN_NOTE_BYTES + 1];
    char *rest = NULL;
    ssize_t bytes = pread(fd, text, RUN_NOTE_BYTES, 0);

    text[bytes > 0 ? bytes : 0] = '\0';
    char *line = strtok_r(text, "\n", &rest);
    if (!line || strcmp(line, "gaoshi-run 1") != 0)
        return;
    while ((line = strtok_r(NULL, "\n", &rest)) != NULL)
        take_line(last, line);
}

static struct run_suspect *find_suspect(struct run_note *note,
                                        const struct run_slot *slot)
{
    for (size_t i = 0; i < note->suspect_count; i++) {
        if (is_same(&note->suspects[i].slot, slot))
            return &note->suspects[i];
    }
    return NULL;
}

static void remove_suspect(struct run_note *note, struct run_suspect *suspect)
{
    size_t after = note->suspect_count - (size_t)(suspect - note->suspects) - 1;

    memmove(suspect, suspect + 1, after * sizeof *suspect);
    note->suspect_count--;
}

static void suspect(struct run_note *note, const struct run_slot *slot)
{
    struct run_suspect *known = find_suspect(note, slot);

    if (slot->seq == 0)
        return;
    if (known) {
        known->times++;
        return;
    }
    if (note->suspect_count == RUN_NOTE_SUSPECTS)
        remove_suspect(note, &note->suspects[0]);
    note->suspects[note->suspect_count++] = (struct run_suspect){*slot, 1};
}

/* After a power cut the last start does not count as a crash, and no message is
 * suspected. After a crash the message that was being set is suspected; if
 * there was none, those that were being drawn. */
static void judge(struct run_note *note, const struct run_note *last)
{
    bool power_went = strcmp(note->boot, last->boot) != 0;

    note->crashes = last->starts;
    if (power_went && note->crashes > 0)
        note->crashes--;
    note->starts = note->crashes + 1;
    memcpy(note->suspects, last->suspects, sizeof note->suspects);
    note->suspect_count = last->suspect_count;
    if (power_went)
        return;
    if (last->work[RUN_SETTING].seq > 0) {
        suspect(note, &last->work[RUN_SETTING]);
        return;
    }
    suspect(note, &last->work[RUN_DRAWING]);
    suspect(note, &last->work[RUN_DRAWING_BESIDE]);
}

bool run_note_begin(struct run_note *note, const char *path,
                    struct problem *problem)
{
    struct run_note last = {.fd = -1};

    *note = (struct run_note){.fd = -1, .starts = 1};
    read_boot(note->boot);
    int length = snprintf(note->path, sizeof note->path, "%s", path);
    if (!path[0])
        return true;
    problem_set_place(problem, path);
    if (length < 0 || (size_t)length >= sizeof note->path)
        return problem_set(problem, PROBLEM_TOO_LARGE, "the path is too long");
    note->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (note->fd < 0)
        return problem_set(problem, PROBLEM_SYSTEM, "%s", tr_error(errno));
    read_last(note->fd, &last);
    judge(note, &last);
    return save(note) ||
           problem_set(problem, PROBLEM_SYSTEM, "%s", tr_error(errno));
}

void run_note_work(struct run_note *note, enum run_work work,
                   const struct message *message)
{
    struct run_slot slot = {0};

    if (message)
        slot = slot_of(message);
    if (is_same(&note->work[work], &slot))
        return;
    note->work[work] = slot;
    save(note);
}

void run_note_rest(struct run_note *note)
{
    const struct run_slot none = {0};

    if (is_same(&note->work[RUN_DRAWING], &none) &&
        is_same(&note->work[RUN_DRAWING_BESIDE], &none))
        return;
    note->work[RUN_DRAWING] = note->work[RUN_DRAWING_BESIDE] = none;
    save(note);
}

static int times_of(const struct run_note *note, const struct message *message)
{
    if (note->suspect_count == 0)
        return 0;
    struct run_slot slot = slot_of(message);
    for (size_t i = 0; i < note->suspect_count; i++) {
        if (is_same(&note->suspects[i].slot, &slot))
            return note->suspects[i].times;
    }
    return 0;
}

bool run_note_is_barred(const struct run_note *note,
                        const struct message *message)
{
    return message->kind == MESSAGE_PANEL &&
           times_of(note, message) >= RUN_NOTE_TIMES;
}

bool run_note_is_plain(const struct run_note *note,
                       const struct message *message)
{
    return times_of(note, message) > 0;
}

void run_note_settle(struct run_note *note)
{
    if (note->starts == 0)
        return;
    note->starts = 0;
    save(note);
}

static void put_away(struct run_note *note)
{
    if (note->fd >= 0)
        close(note->fd);
    note->fd = -1;
}

void run_note_end(struct run_note *note)
{
    if (note->fd >= 0)
        unlink(note->path);
    put_away(note);
}

void run_note_withdraw(struct run_note *note)
{
    note->starts = note->crashes;
    memset(note->work, 0, sizeof note->work);
    save(note);
    put_away(note);
}
