/* Reads a CAP file and prints what could not be used. */
#include "publisher/cap/cap_file.h"

#include "base/clock.h"
#include "base/timestamp.h"
#include "base/translate.h"
#include "publisher/cli/tell.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/sha.h>

static void hash_bytes(const char *bytes, size_t size, char out[CAP_HASH_BYTES])
{
    unsigned char digest[SHA256_DIGEST_LENGTH];

    SHA256((const unsigned char *)bytes, size, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

static char *read_bytes(const char *path, const struct file_identity *listed,
                        size_t *bytes, struct problem *problem)
{
    if (listed)
        return file_read_listed(path, listed, CAP_LIMIT_BYTES, bytes, problem);
    if (strcmp(path, "-") == 0)
        return file_read_standard_input(CAP_LIMIT_BYTES, bytes, problem);
    return file_read(path, CAP_LIMIT_BYTES, bytes, problem);
}

bool cap_file_read(struct cap_file *out, const char *path,
                   const struct file_identity *listed,
                   const struct cap_history *history, struct problem *problem)
{
    struct cap_file file = {
        .place = strcmp(path, "-") == 0 ? tr("standard input") : path};
    size_t bytes = 0;
    char *text = read_bytes(path, listed, &bytes, problem);

    if (!text)
        return false;
    hash_bytes(text, bytes, file.hash);
    bool read = cap_read(text, bytes, file.place, &file.alert, problem);
    free(text);
    if (!read)
        return false;
    if (!cap_to_alerts(file.alert, history, &file.mapping, problem)) {
        problem_set_place(problem, file.place);
        cap_alert_destroy(file.alert);
        return false;
    }
    *out = file;
    return true;
}

void cap_file_finish(struct cap_file *file)
{
    cap_mapping_finish(&file->mapping);
    cap_alert_destroy(file->alert);
    file->alert = NULL;
}

static void append(json_t *list, const struct cap_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++)
        json_array_append_new(list, json_string(notes->items[i]));
}

json_t *cap_file_notes(const struct cap_file *file)
{
    json_t *list = json_array();

    append(list, &file->alert->notes);
    append(list, &file->mapping.notes);
    return list;
}

static void tell_each(const char *place, const struct cap_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++)
        tell_line("%s: note: %s", place, notes->items[i]);
    if (notes->dropped > 0)
        tell_line("%s: note: and %zu more", place, notes->dropped);
}

void cap_file_tell_notes(const struct cap_file *file)
{
    tell_each(file->place, &file->alert->notes);
    tell_each(file->place, &file->mapping.notes);
}

bool cap_file_check_sent(const struct cap_file *file, int64_t now_ms,
                         struct problem *problem)
{
    char sent[TIMESTAMP_BYTES];

    if (file->mapping.sent_ms <= now_ms + CAP_SENT_AHEAD_MS)
        return true;
    timestamp_format(file->mapping.sent_ms,
                     clock_utc_offset_minutes(file->mapping.sent_ms), sent);
    problem_set_field(problem, "alert.sent",
                      "%s is more than a day ahead of this clock: whatever "
                      "comes later would count as older",
                      sent);
    if (problem)
        problem->code = PROBLEM_STALE;
    return false;
}
