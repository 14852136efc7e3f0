/* keys list LIST: prints which key may sign what. */
#include "base/clock.h"
#include "base/escape.h"
#include "base/language.h"
#include "base/timestamp.h"
#include "base/translate.h"
#include "base/utf8.h"
#include "publisher/cli/tell.h"
#include "publisher/keyfile/key_file.h"
#include "publisher/keyfile/key_list_file.h"
#include "publisher/keys/keys.h"

#include <stdlib.h>
#include <string.h>

static const char *state_of(const struct key_grant *grant, int64_t now_ms)
{
    if (grant->revoked_ms != TIMESTAMP_NONE)
        return N_("revoked");
    if (grant->until_ms != TIMESTAMP_NONE && now_ms > grant->until_ms)
        return N_("ended");
    if (grant->from_ms != TIMESTAMP_NONE && now_ms < grant->from_ms)
        return N_("not yet");
    return N_("good");
}

static void print_time(const char *word, int64_t ms)
{
    char text[TIMESTAMP_BYTES];

    if (ms == TIMESTAMP_NONE)
        return;
    timestamp_format(ms, clock_utc_offset_minutes(ms), text);
    language_print(stdout, "  %s %s", tr(word), text);
}

static void print_entry(const struct key_list_entry *entry, int64_t now_ms)
{
    const struct key_grant *grant = &entry->grant;
    char roles[64];

    key_roles_format(grant->roles, ",", roles, sizeof roles);
    language_print(stdout, "%s  %-*s  %-7s  %-22s  ", entry->id,
                   UTF8_FIELD(tr(state_of(grant, now_ms)), 7),
                   key_algorithm_name(key_algorithm_of(entry->key)), roles);
    for (size_t i = 0; i < grant->scope_count; i++)
        printf("%s%s", i > 0 ? "," : "", grant->scopes[i]);
    language_print(stdout, "%s", grant->scope_count == 0 ? "all" : "");
    print_time("from", grant->from_ms);
    print_time("until", grant->until_ms);
    print_time("revoked", grant->revoked_ms);
    char *name = escape_copy(entry->name);
    printf("%s%s\n", entry->name[0] ? "  " : "", name ? name : "");
    free(name);
}

/* As the list has it, with the state of each key. */
static void print_json(const struct key_list_file *list, int64_t now_ms,
                       bool checked)
{
    json_t *keys = json_array();
    const struct key_list *entries = list->message->keys;

    for (size_t i = 0; i < entries->count; i++) {
        json_t *row = json_deep_copy(json_array_get(list->entries, i));
        json_object_set_new(
            row, "state",
            json_string(state_of(&entries->entries[i].grant, now_ms)));
        json_array_append_new(keys, row);
    }
    tell_json(
        json_pack("{s:o, s:b}", "keys", keys, "signature_checked", checked));
}

static bool read_root(const struct options *options, struct key **out,
                      struct problem *problem)
{
    return !options->root_file ||
           key_file_open_public(options->root_file, out, problem);
}

enum publish_exit keys_list_run(const struct options *options, int count,
                                char **operands)
{
    struct problem problem = {0};
    struct key_list_file list = {.payload = NULL};
    struct key *root = NULL;
    int64_t now_ms = clock_wall_ms();

    (void)count;
    bool read = read_root(options, &root, &problem) &&
                key_list_file_read(operands[0], root, &list, &problem);
    if (read && options->json) {
        print_json(&list, now_ms, root != NULL);
    } else if (read) {
        const struct key_list *keys = list.message->keys;
        for (size_t i = 0; i < keys->count; i++)
            print_entry(&keys->entries[i], now_ms);
        if (!root)
            tell_line("%s: the signature was not checked; --root does",
                      operands[0]);
    } else {
        tell_problem(&problem);
    }
    key_list_file_finish(&list);
    key_destroy(root);
    return read ? PUBLISH_DONE : PUBLISH_KEY;
}
