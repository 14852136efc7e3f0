/* Reads a file of a warning centre and tells what it holds. */
#include "publisher/cap_file.h"

#include "publisher/files.h"
#include "publisher/tell.h"

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

bool cap_file_read(struct cap_file *out, const char *path,
                   const struct cap_history *history, struct problem *problem)
{
    bool standard = strcmp(path, "-") == 0;
    struct cap_file file = {.place = standard ? "standard input" : path};
    size_t bytes = 0;
    char *text = standard ? file_read_standard_input(CAP_LIMIT_BYTES, &bytes,
                                                     problem)
                          : file_read(path, CAP_LIMIT_BYTES, &bytes, problem);

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
