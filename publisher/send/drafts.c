/* Reads drafts with the same checks that screens make. */
#include "publisher/send/drafts.h"

#include "base/files.h"
#include "base/translate.h"
#include "base/utf8.h"
#include "publisher/send/compose.h"
#include "publisher/send/picture_files.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

bool drafts_add_message(struct drafts *drafts, struct message *message,
                        const char *place, struct problem *problem)
{
    char *copy = strdup(place);
    struct draft *grown =
        copy ? realloc(drafts->items,
                       (drafts->count + 1) * sizeof *drafts->items)
             : NULL;

    if (!grown) {
        free(copy);
        message_destroy(message);
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    }
    drafts->items = grown;
    drafts->items[drafts->count++] = (struct draft){.message = message,
                                                    .place = copy};
    return true;
}

static bool is_gb18030(char *text, size_t bytes)
{
    char out[4096];
    iconv_t converter = iconv_open("UTF-8", "GB18030");
    bool good = converter != (iconv_t)-1;

    while (good && bytes > 0) {
        char *to = out;
        size_t room = sizeof out;
        good = iconv(converter, &text, &bytes, &to, &room) != (size_t)-1 ||
               errno == E2BIG;
    }
    if (converter != (iconv_t)-1)
        iconv_close(converter);
    return good;
}

/* Says how to convert a file that older Chinese programs wrote. */
static void explain_encoding(char *text, size_t bytes, struct problem *problem)
{
    const char *hint =
        tr(": the file is GB 18030, convert it with iconv -f gb18030 -t utf-8");
    size_t at = 0, length = strlen(problem->expected);

    if (!utf8_is_valid(text, bytes, &at) && is_gb18030(text, bytes) &&
        length + strlen(hint) < sizeof problem->expected)
        strcpy(problem->expected + length, hint);
}

/* Whether the draft names a picture by its file. */
static bool names_files(const json_t *draft)
{
    json_t *list = json_object_get(json_object_get(draft, "panel"), "pictures");
    size_t index;
    json_t *object;

    json_array_foreach(list, index, object)
    {
        if (json_is_string(json_object_get(object, "file")))
            return true;
    }
    return false;
}

/* Puts the facts of picture files into the text of a draft; other drafts stay
 * as they are, so that errors name their lines. */
static bool resolve(struct picture_files *pictures, const char *file,
                    char **text, size_t *bytes, struct problem *problem)
{
    json_t *draft = json_loadb(*text, *bytes, JSON_REJECT_DUPLICATES, NULL);
    bool good = true;

    if (pictures && names_files(draft)) {
        good = picture_files_resolve(pictures, draft, file, problem);
        char *resolved = good ? compose_print(draft) : NULL;
        if (resolved) {
            free(*text);
            *text = resolved;
            *bytes = strlen(resolved);
        }
    }
    json_decref(draft);
    return good;
}

bool drafts_add_file(struct drafts *drafts, struct picture_files *pictures,
                     const char *file, struct problem *problem)
{
    struct message *message = NULL;
    size_t bytes = 0;
    char *text = file_read_text(file, LIMIT_MESSAGE_BYTES, &bytes, problem);

    if (!text)
        return false;
    if (!resolve(pictures, file, &text, &bytes, problem)) {
        free(text);
        return false;
    }
    bool read = message_parse(text, bytes, MESSAGE_DRAFT, file, &message,
                              problem);
    if (!read && problem)
        explain_encoding(text, bytes, problem);
    free(text);
    return read && drafts_add_message(drafts, message, file, problem);
}

bool drafts_add_json(struct drafts *drafts, json_t *json, const char *place,
                     struct problem *problem)
{
    struct message *message = NULL;
    char *text = json ? compose_print(json) : NULL;

    json_decref(json);
    if (!text)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    bool read = message_parse(text, strlen(text), MESSAGE_DRAFT, place,
                              &message, problem);
    free(text);
    if (!read && problem) {
        /* The JSON was made here, so its lines mean nothing to the operator. */
        problem->line = 0;
        problem->column = 0;
    }
    return read && drafts_add_message(drafts, message, place, problem);
}

/* A draft may have no topic yet, so kind, id and scope are compared instead. */
static bool same_slot(const struct message *a, const struct message *b)
{
    return message_roles(a->kind) == message_roles(b->kind) &&
           strcmp(a->id, b->id) == 0 && strcmp(a->scope, b->scope) == 0;
}

const struct draft *drafts_rival_of_last(const struct drafts *drafts)
{
    if (drafts->count == 0)
        return NULL;
    const struct draft *last = &drafts->items[drafts->count - 1];
    for (const struct draft *other = drafts->items; other < last; other++)
        if (same_slot(other->message, last->message))
            return other;
    return NULL;
}

void drafts_drop_last(struct drafts *drafts)
{
    struct draft *last = &drafts->items[--drafts->count];

    message_destroy(last->message);
    free(last->place);
}

void drafts_finish(struct drafts *drafts)
{
    while (drafts->count > 0)
        drafts_drop_last(drafts);
    free(drafts->items);
    *drafts = (struct drafts){0};
}
