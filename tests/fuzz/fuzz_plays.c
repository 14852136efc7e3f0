/* Any bytes as the log that a screen sends: entries stay within their bounds,
 * the list is in order, and no bytes make a chain look whole that is not. */
#include "tests/fuzz/check.h"

#include "base/timestamp.h"
#include "protocol/scope.h"
#include "publisher/fleet/play_list.h"

#include <stdlib.h>
#include <string.h>

static void check_row(const struct play_row *row)
{
    char text[TIMESTAMP_BYTES];

    FUZZ_CHECK(row->lasted_ms >= 0);
    FUZZ_CHECK(!row->id[0] || identifier_is_valid(row->id));
    fuzz_check_text(row->what, sizeof row->what);
    fuzz_check_text(row->note, sizeof row->note);
    if (row->from_ms == TIMESTAMP_NONE)
        return;
    timestamp_format(row->from_ms, 0, text);
    timestamp_format(row->from_ms + row->lasted_ms, 0, text);
    FUZZ_CHECK(strlen(text) == TIMESTAMP_BYTES - 1);
}

static void check_list(const char *text, size_t size)
{
    struct play_list list = {.rows = NULL};
    bool more;

    if (play_list_take(&list, text, size, &more)) {
        FUZZ_CHECK(play_list_close(&list, TIMESTAMP_NONE, TIMESTAMP_NONE,
                                   INT64_C(1800000000000)));
        for (size_t i = 0; i < list.count; i++) {
            check_row(&list.rows[i]);
            FUZZ_CHECK(i == 0 ||
                       list.rows[i].from_ms >= list.rows[i - 1].from_ms);
        }
        for (size_t i = 0; i < list.fault_count && i < PLAY_FAULTS_MAX; i++)
            fuzz_check_text(list.faults[i].text, sizeof list.faults[i].text);
    }
    play_list_finish(&list);
}

/* The same bytes as lines that a screen sealed: they are read as they were. */
static void check_seal(const char *lines, size_t size)
{
    struct play_head head = play_head_none;
    struct play_block block;
    char seal[PLAY_SEAL_BYTES];
    char *whole = malloc(size + sizeof seal + 1);

    memcpy(whole, lines, size);
    whole[size] = '\n';
    FUZZ_CHECK(play_log_seal(&head, whole, size + 1, seal));
    memcpy(whole + size + 1, seal, strlen(seal));
    size_t bytes = size + 1 + strlen(seal);
    bool plain = size <= PLAY_LINES_BYTES - 1;
    for (size_t i = 0; i + 1 < size; i++)
        plain = plain && !(whole[i] == '=' && whole[i + 1] == ' ');
    if (plain && !(size > 0 && whole[size - 1] == '=')) {
        FUZZ_CHECK(play_log_read(whole, bytes, 0, &block) == PLAY_INTACT);
        FUZZ_CHECK(block.end == bytes && block.bytes == size + 1);
        if (size > 0) {
            whole[size / 2] ^= 1;
            FUZZ_CHECK(play_log_read(whole, bytes, 0, &block) != PLAY_INTACT);
        }
    }
    free(whole);
}

static void check_entry(const char *line, size_t size)
{
    struct play_entry entry, again;
    char text[PLAY_LINE_BYTES];

    fuzz_fill(&entry, sizeof entry);
    if (!play_entry_parse(line, size, &entry)) {
        fuzz_check_untouched(&entry, sizeof entry);
        return;
    }
    size_t bytes = play_entry_format(&entry, text);
    FUZZ_CHECK(bytes > 0 && bytes < sizeof text && text[bytes - 1] == '\n');
    FUZZ_CHECK(play_entry_parse(text, bytes - 1, &again));
    FUZZ_CHECK(
        again.kind == entry.kind && again.seq == entry.seq &&
        again.wall_ms == entry.wall_ms && again.mono_ms == entry.mono_ms &&
        again.lasted_ms == entry.lasted_ms && again.count == entry.count);
    FUZZ_CHECK(strcmp(again.id, entry.id) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = fuzz_copy(data, size);

    check_list(bytes, size);
    check_seal(bytes, size);
    check_entry(bytes, size);
    free(bytes);
    return 0;
}
